/** A status as it is written within a sentence. */
export const STATUS_WORDS = {
  ok: 'ok',
  early: 'too early to tell',
  warning: 'warning',
  alert: 'alert',
  error: 'error',
  'no-data': 'no data',
} as const;
