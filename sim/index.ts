/**
 * The simulator: worlds of devices and networks in virtual time.
 *
 * @packageDocumentation
 */
export {
  World,
  type DeviceOptions,
  type Duration,
  type InterfaceOptions,
  type RunOptions,
  type RunResult,
  type WorldOptions,
} from './world.ts';
export type { Device, OutputLine } from './device.ts';
export type { Order } from './order.ts';
export type { ExploreLimits, NetworkLimits, Range } from './explore/limits.ts';
export type { DeviceClock, DeviceClockOptions } from './device-clock.ts';
export type { DeviceObjects } from './device-objects.ts';
export type { DeviceConfig } from './device-config.ts';
export { defineFirmware, type Board, type BoardInterface, type Firmware, type FirmwareImage } from './firmware.ts';
export { buildWorld } from './scenario/build.ts';
export { checkScenario, ScenarioError } from './scenario/check-scenario.ts';
export { connected } from './scenario/expectations/connected.ts';
export {
  always,
  check,
  eventually,
  never,
  type CheckOptions,
  type Condition,
  type ConditionOptions,
} from './scenario/expectations/conditions.ts';
export { noLeaks, noStalls } from './scenario/expectations/end.ts';
export type { CheckContext, Expectation } from './scenario/expectations/expectation.ts';
export { expectOutput, type OutputOptions } from './scenario/expectations/output.ts';
export type { WindowOptions } from './scenario/expectations/window.ts';
export { at, every, type RepeatedStep, type ScenarioStep, type TimelineStep } from './scenario/timeline.ts';
export type { TimelineAction, Verb } from './scenario/verb.ts';
export { sendDatagram, type SentDatagram } from './scenario/verbs/datagram.ts';
export { clockJump, interrupt } from './scenario/verbs/device.ts';
export { faults, heal, linkDown, linkUp, partition, type LinkOfDevice } from './scenario/verbs/network.ts';
export { powerOff, powerOn, reboot } from './scenario/verbs/power.ts';
export type { ScenarioFailure, ScenarioOutcome, ScenarioRun } from './scenario/outcome.ts';
export { openScenario, runScenario, type OpenScenario } from './scenario/run-scenario.ts';
export {
  defineScenario,
  scenarioFor,
  scenarioOf,
  type DefinedScenario,
  type Scenario,
  type ScenarioDevice,
  type ScenarioNetwork,
  type ScenarioOverrides,
  type ScenarioParams,
  type ScenarioRouter,
  type ScenarioTrunk,
} from './scenario/scenario.ts';
export type { DhcpServer } from './network/dhcp-server.ts';
export type { DhcpServerOptions } from './network/dhcp-options.ts';
export type { BurstLoss } from './network/loss.ts';
export { burstLoss } from './network/loss.ts';
export type {
  DropReason,
  Fault,
  FrameFaultMark,
  HappenedFault,
  Lan,
  LanChanges,
  LanOptions,
  LinkOptions,
  PortLinkOptions,
  RandomFault,
} from './network/lan.ts';
export type { Link } from './network/link.ts';
export { onEtherType, onUdpPort } from './network/match.ts';
export type { Partition } from './network/partition.ts';
export type { NetworkPort } from './network/port.ts';
export type {
  RouteOptions,
  RouterDrop,
  RouterInterfaceOptions,
  RouterOptions,
} from './network/router/router-options.ts';
export type { AdvertisementOptions, RouterAdvertiser, RouterAdvertiserOptions } from './network/router-advertiser.ts';
export type { Router } from './network/router/router.ts';
export { DROP, PASS, type FrameRule, type FrameView, type Verdict } from './network/rules.ts';
export { MacController } from './mac/controller.ts';
export * from './mac/registers.ts';
export { captureKeyLog, capturePcapng } from './capture.ts';
export { exportJsonLines, jsonLine } from './export/json-lines.ts';
export { exportTracex } from './export/tracex.ts';
export { exportText, textLine } from './export/text.ts';
export { eventWords, FILTER_WORDS } from './trace/event-words.ts';
export { FilterError, FILTER_KEYS, parseFilter, type FilterWords, type RecordFilter } from './trace/filter.ts';
export { exportPerfetto } from './export/perfetto.ts';
export { decodePem, type PemBlock } from '../secure/x509/pem.ts';
export { describeFrame } from './trace/describe-frame.ts';
export type { SimulationEvent, TraceRecord } from './trace/event.ts';
export { TraceLog, type EventFilter, type EventOf, type EventType, type RecordOf } from './trace/trace-log.ts';
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
export { jsreFirmware, type JsreOptions } from './jsre/firmware.ts';
export { statusName } from './status-names.ts';
