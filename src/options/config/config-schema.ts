import { jsonShapeOf } from './json-shape.js';
import { CONFIG_FLAGS } from './parse-config.js';

/** Makes the JSON Schema of a configuration file from the table of flags. */
export function configJsonSchema(): Record<string, unknown> {
  const properties = CONFIG_FLAGS.map(([name, flag]) => {
    const { type, ...rest } = jsonShapeOf(flag);
    const one = { type: type.length === 1 ? type[0] : type, ...rest };
    const value = flag.repeatable ? { anyOf: [one, { type: 'array', items: one }] } : one;
    const description = `${flag.summary}${flag.defaultText === undefined ? '' : ` (default: ${flag.defaultText})`}`;
    return [name, { description, ...value }];
  });
  const file = { type: 'string', minLength: 1 };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'collapse.config.json, or `collapse` in package.json',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      extends: {
        description: 'configuration files to start from, relative to this one; later ones win, this one last',
        anyOf: [file, { type: 'array', items: file }],
      },
      ...Object.fromEntries(properties),
    },
    additionalProperties: false,
  };
}
