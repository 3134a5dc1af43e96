/** Siblings have the same few names step after step, and each name is asked many things in a row. */
const MOST = 512;

/** Returns `read`, a function of the text alone, with its latest answers kept. What it throws it throws again. */
export function remembered<Answer>(read: (text: string) => Answer): (text: string) => Answer {
  const answers = new Map<string, Answer>();
  return (text) => {
    let answer = answers.get(text);
    if (answer === undefined) {
      answer = read(text);
      if (answers.size >= MOST) answers.clear();
      answers.set(text, answer);
    }
    return answer;
  };
}
