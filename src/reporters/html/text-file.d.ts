/** A file taken as its text: scripts/build/text-files.mjs puts it in. */
declare module '*?text' {
  const text: string;
  export default text;
}
