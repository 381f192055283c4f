/** A fleet of sensors at many sites, and the gateways to which they report. */
import { defineScenario, parseDuration, SimulationError, type ScenarioDevice, type ScenarioNetwork } from 'txsim';
import gateway from './gateway.ts';
import sensor from './sensor.ts';
import { fleetSummary } from './summary.ts';

/** Sensors on the network of one site. */
const SITE = 100;
const DEFAULTS = { sensors: '10000', reports: '10', interval: '60s', gateways: '10', idle: '0s' } as const;
/** Of a sensor: packets, a stack and some buffers. */
const SENSOR_MEMORY = 12 * 1024;
const MILLISECOND = { TX_TIMER_TICKS_PER_SECOND: 1000 };

type Params = Readonly<Record<string, string>>;

function number(params: Params, name: 'sensors' | 'reports' | 'gateways', least: number, most: number): number {
  const text = params[name] ?? DEFAULTS[name];
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  const what = `parameter ${name}=${text}: expected a whole number from ${least} to ${most}`;
  throw new SimulationError({ kind: 'world', what });
}

const gatewayAddress = (nth: number): string => `172.16.0.${10 + nth}`;
const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);
const named = (kind: string, nth: number, digits: number): string => `${kind}-${String(nth).padStart(digits, '0')}`;

export default defineScenario((params) => {
  const sensors = number(params, 'sensors', 1, 25_000);
  const reports = number(params, 'reports', 0, 1000);
  const gateways = number(params, 'gateways', 1, Math.min(sensors, 200));
  const interval = parseDuration(params['interval'] ?? DEFAULTS.interval);
  const idle = parseDuration(params['idle'] ?? DEFAULTS.idle);
  const sites = Math.ceil(sensors / SITE);
  const siteNames = range(sites).map((nth) => named('site', nth, 3));

  const networks: Record<string, ScenarioNetwork> = {
    backbone: { latency: '2ms', subnet: '172.16.0.0/24' },
    // A radio: slow, uneven, and it loses one frame in a hundred.
    ...Object.fromEntries(siteNames.map((name) => [name, { latency: '15ms', jitter: '10ms', loss: 0.01 }])),
  };
  const ofGateway = (nth: number): number => Math.floor((sensors - nth - 1) / gateways) + 1;
  const devices: Record<string, ScenarioDevice> = {};
  for (const nth of range(gateways)) {
    const sessions = ofGateway(nth);
    devices[named('gateway', nth, 2)] = {
      firmware: gateway,
      network: 'backbone',
      address: gatewayAddress(nth),
      params: { first: String(nth), step: String(gateways), sessions: String(sessions) },
      config: { ...MILLISECOND, NX_SECURE_TLS_MAX_PSK_KEYS: sessions },
      memory: 160 * 1024 + 4 * sessions,
    };
  }
  const naps = Math.floor(idle / interval);
  const own = { reports: String(reports), interval_ms: String(Math.round(interval / 1e6)), naps: String(naps) };
  for (const nth of range(sensors)) {
    devices[named('sensor', nth, 5)] = {
      firmware: sensor,
      network: siteNames[Math.floor(nth / SITE)] ?? '',
      params: { ...own, sensor: String(nth), gateway: gatewayAddress(nth % gateways) },
      config: MILLISECOND,
      cpu: 'cortex-m0plus-64mhz',
      memory: SENSOR_MEMORY,
    };
  }
  return {
    description: 'sensors at many sites shake hands with gateways, deliver their reports, and sleep',
    networks,
    routers: {
      core: { interfaces: [{ network: 'backbone' }, ...siteNames.map((network) => ({ network }))] },
    },
    devices,
    // Without idling it ends by itself: then every sensor has closed its session.
    until: 2 * interval * (reports + 1) + 600e9 + idle,
    summary: fleetSummary,
  };
});
