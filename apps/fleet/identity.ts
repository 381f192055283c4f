/** Who a sensor is, and its key. A factory would draw each key at random and write it into the sensor and its gateway. */

/** The key that all sensors' keys are made of; this one is public. */
const FLEET_KEY = Uint8Array.of(0x5e, 0x1a, 0x70, 0xc4, 0x19, 0x8b, 0x3d, 0xe2, 0x66, 0x0f, 0xa8, 0x93, 0, 0, 0, 0);

/** What all gateways hint at, and what a sensor's key goes with. */
export const PSK_HINT = ascii('fleet');

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The identity of a sensor: `sensor-00042`. */
export const identityOf = (sensor: number): Uint8Array => ascii(`sensor-${String(sensor).padStart(5, '0')}`);

/** The pre-shared key of a sensor. */
export function keyOf(sensor: number): Uint8Array {
  const key = FLEET_KEY.slice();
  new DataView(key.buffer).setUint32(12, sensor);
  return key;
}
