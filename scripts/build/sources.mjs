/** How a bundler finds `#room/file.js` (`imports` in package.json): in src/, where a consumer's compiler takes the declarations in dist/. */
export const SOURCES = { conditionNames: ['source', 'import', 'module', 'node', 'default'] };
