/** A file taken as its text: scripts/build/text-files.mjs puts it in. */
declare module '*?text' {
  const text: string;
  export default text;
}

/** A script of the page with all that it imports, as its text: put in by the same. */
declare module '*?script' {
  const text: string;
  export default text;
}
