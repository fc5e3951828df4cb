/*
 * Is loaded into the process of a function before its bundle. The clock that the product reads runs a thousand times as
 * fast, so that the rate budget never makes it wait. Timers keep their pace.
 */
const FACTOR = 1000
const now = Date.now
const startedMs = now()
Date.now = () => startedMs + (now() - startedMs) * FACTOR
