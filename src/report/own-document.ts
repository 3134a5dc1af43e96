/** How a state, a reference or a report of this tool begins. */
export const OWN_DOCUMENT = /^\s*\{\s*"(?:type":\s*"embedding-collapse|schemaVersion":\s*\d+,\s*"tool")/;
