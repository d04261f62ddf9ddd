/**
 * How many small files the engine should have open at once: three full batches, so that the next one fills while others
 * travel. In a file of its own because it is needed before the protocol is loaded.
 */
export const BATCH_WINDOW = 600;
