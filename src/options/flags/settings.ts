import { nonEmptyText } from '../parse/value-parsers.js';
import { CONFIGURED, type Flag, flagOf, isOn } from './flag.js';

const flag = flagOf('Settings');

export const SETTINGS = {
  config: {
    ...flag(
      CONFIGURED,
      '--config <file>',
      'settings as JSON; without this flag collapse.config.json, or `collapse` in package.json, is looked for upwards to the repository root',
      nonEmptyText,
    ),
    commandLineOnly: true,
  },
  trustConfig: {
    ...flag(
      CONFIGURED,
      '--trust-config',
      'also take commands, outputs, state, sentinel and when to stop from a configuration that was found and not named',
      isOn,
    ),
    commandLineOnly: true,
  },
} as const satisfies Record<string, Flag<unknown>>;
