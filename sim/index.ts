/**
 * The simulator: worlds of devices and networks in virtual time.
 *
 * @packageDocumentation
 */
export {
  World,
  type DeviceOptions,
  type Duration,
  type RunOptions,
  type RunResult,
  type WorldOptions,
} from './world.ts';
export type { Device, OutputLine } from './device.ts';
export type { DeviceConfig } from './device-config.ts';
export { defineFirmware, type Board, type Firmware, type FirmwareImage } from './firmware.ts';
export {
  buildWorld,
  defineScenario,
  scenarioOf,
  type DefinedScenario,
  type Scenario,
  type ScenarioDevice,
  type ScenarioOverrides,
} from './scenario.ts';
export type { Lan, LanOptions } from './network/lan.ts';
export { DROP, PASS, type FrameRule, type FrameView, type Verdict } from './network/rules.ts';
export { MacController } from './mac/controller.ts';
export * from './mac/registers.ts';
export { captureKeyLog, capturePcapng } from './capture.ts';
export { decodePem, type PemBlock } from '../secure/x509/pem.ts';
export { describeFrame } from './trace/describe-frame.ts';
export type { SimulationEvent, TraceRecord } from './trace/event.ts';
export type { TraceListener } from './trace/stream.ts';
export { describeLeak, type Leak } from './diagnostics/leaks.ts';
export { describeNote, type Note } from './diagnostics/notes.ts';
export { describeStall, type Stall } from './diagnostics/stalls.ts';
export { threadStats } from './report/stats.ts';
export { parseDuration } from './duration.ts';
export { SimulationError, type SimulationErrorKind } from '../kernel/simulation-error.ts';
export type { CpuModel, CryptoCosts } from '../kernel/cpu-model.ts';
export { jsProvider } from '../secure/crypto/js-provider.ts';
export { nodeProvider } from '../secure/crypto/node-provider.ts';
export type { CryptoProvider } from '../secure/crypto/provider.ts';
export { CPU_PROFILES, type CpuProfileName } from '../kernel/cpu-profiles.ts';
export { consume } from '../kernel/consume.ts';
export { statusName } from './status-names.ts';
