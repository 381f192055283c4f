import { buildExtensions, parseExtensions } from '../../../secure/dtls/wire/extensions.ts';
import { equal, hold, type FuzzTarget } from '../target.ts';

/** The extensions of hellos. */
export const extensions: FuzzTarget = {
  name: 'extensions',
  run: (input) => {
    const parsed = parseExtensions(input);
    if (parsed === null) return 'refused';
    const built = buildExtensions(parsed);
    const again = parseExtensions(built);
    hold(again !== null, 'what is built can be parsed');
    hold(equal(buildExtensions(again), built), 'built as parsed');
    const { uncompressedPoints, ...others } = parsed;
    // A list without the uncompressed format is of no use to anybody, and is not written.
    hold(uncompressedPoints === false || again.uncompressedPoints === uncompressedPoints, 'point formats survive');
    hold(
      Object.keys(others).every((name) => name in again),
      'every extension survives',
    );
    hold(again.serverName === parsed.serverName, 'the name survives');
    return `${Object.keys(parsed).join()} ${String(uncompressedPoints)} ${parsed.groups?.length === 0} ${parsed.serverName === ''}`;
  },
};
