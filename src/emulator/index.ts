/**
 * An emulator of the storage API for tests and demos, with real HTTP, real files, real checks, and faults on demand. It
 * streams, so memory use does not grow with the size of a file. Node only; do not expose it to a public network.
 *
 * ```ts
 * const emulator = await startEmulator({ faults: [{ times: 1, action: { type: 'status', status: 503 } }] });
 * // … upload to emulator.url with emulator.apiKey …
 * await emulator.close();
 * ```
 */

export { createEmulator, type EmulatorControls, type MountedEmulator } from './create-emulator.js';
export type { CurrentOptions, Generation, ScopedKey, Share, StageTimes } from './current/current-options.js';
export type { EnvelopeMode } from './current/envelope.js';
export type { Plan, PlanLimits } from './current/plans.js';
export type { RateHeaders, RateLimit } from './current/rate-limiter.js';
export type { StoredFile } from './disk/object-store.js';
export type { FaultAction, FaultMatch, FaultRule, FaultScript } from './faults/fault-script.js';
export type { LogEntry } from './http/request-log.js';
export type { EmulatorOptions, PartRules } from './options.js';
export { type RunningEmulator, type StartOptions, startEmulator } from './start-emulator.js';
export type { WebhookDelivery, WebhookEvent, WebhookOptions } from './webhooks/webhook-options.js';
