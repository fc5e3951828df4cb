/** What can go wrong, and how likely it is at each occasion while the fault is active. */
export const FAULTS = {
  /**
   * One request to the Events API fails: an error status, a broken connection, an answer that is no page, or no answer.
   */
  'api-errors': 0.08,
  /** All requests fail, for seconds to hours. */
  'api-outages': 1,
  /** 401, 403 or 404 until the user acts. */
  'api-refusals': 1,
  /** All cursors given so far are refused. */
  'api-cursors': 1,
  /** A service of AWS fails every call, for seconds to hours. */
  'aws-outages': 1,
  /** Calls of AWS that fail without effect, or throttled. */
  'calls-refused': 0.02,
  /** Calls of AWS whose response is lost: they take effect, and the caller gets an error. */
  'answers-lost': 0.02,
  /** Calls that the SDK sends twice, because the first response is lost. The caller gets the second response. */
  'calls-repeated': 0.02,
  /** Calls that take seconds. */
  'calls-slow': 0.03,
  /** Writes to the lake and the bus that take effect long after their caller has given up. */
  'writes-stray': 0.01,
  /** Calls that never come back: the run ends at its time-out. */
  'calls-hung': 0.002,
  /** Entries that the bus refuses, in an answer that is a success. */
  'bus-entries': 0.1,
  /** Processes that die without an error, between any two effects. */
  kills: 0.04,
  /** An event that Lambda gives to two runs, under one request id. */
  'runs-doubled': 0.03,
  /** An event that grows too old in the function's queue. */
  'runs-too-late': 0.01,
  'events-lost': 0.02,
  'events-doubled': 0.03,
  'events-delayed': 0.05,
  'ticks-lost': 0.05,
  'ticks-doubled': 0.05,
  'ticks-delayed': 0.1,
  'executions-doubled': 0.15,
  'executions-delayed': 0.2,
  'executions-lost': 0.15,
  /** Executions that disappear without an error while they wait or work. */
  'executions-aborted': 0.05,
  /** The state machine cannot reach the function, or loses its answer. */
  'invocations-failed': 0.05,
  /** Instances of functions whose clocks are wrong, and jump, by seconds. */
  clocks: 0.3,
  /** Not a fault: users who update, restart, delete, create and rotate tokens. */
  users: 1,
  /** One event of a page is damaged from now on, or members of the page are written in another way or left out. */
  'api-damage': 0.05,
  /** The tasks table is set back by hours, as from a backup. */
  'tables-restored': 1,
  /** Until some time all runs are those of the deployment before this one. The upgrade may come in mid-page. */
  'older-tasks': 1,
  /** The source gets another base URL of the same account. */
  'base-urls': 1,
  /** A page whose cursor leads back: to where it was asked, or to where the last objects led. */
  'api-rewinds': 0.03,
  /** Rows of empty pages, each with another cursor and the promise of more. */
  'api-empty-rows': 0.01,
  /**
   * Someone writes into the secret of a source by hand: a wrapped token, one that is none, or one of another account.
   */
  'secrets-by-hand': 1,
  /** A proxy answers one request and repeats the token, in an encoding and cut somewhere. */
  'api-reflections': 0.02,
  /** One page is answered with 401, or one request by a firewall with 401, 403 or 404 and a page of HTML. */
  'api-refused-once': 0.01,
  /** 401, 403 or 404 for some hours. */
  'api-refusals-passing': 1,
  /** One request is answered 400, by the API itself or by something in between. */
  'api-400s': 0.02,
  /** Events that are dated ahead, by minutes to years, or far back, or that have no time that can be read. */
  'odd-times': 1,
  /** All requests to an account fail for most of a day, and then the cursors from before are refused. */
  'api-blackouts': 1,
  /** A put that S3 refuses for seconds, because another put to the same key is in progress. */
  'puts-in-progress': 0.03,
  /** Objects of events, and cursors beside them, are deleted by hand or by a lifecycle rule. */
  'objects-deleted': 1,
  /** Objects that cannot be read for hours, or for good, because of an archive, a policy or a key. */
  'objects-out-of-reach': 1,
  /** The secret of a source is deleted by hand. It may be restored hours later. */
  'secrets-deleted': 1,
  /** Reads of several items that leave some of them unread, in an answer that is a success. */
  'keys-unprocessed': 0.1,
  /** Pages of a scan that show tasks as they were up to half a minute ago. */
  'scans-stale': 0.3,
  /** Events that the bus delivers hours late. */
  'events-hours-late': 0.02,
  /** Instances of functions whose clocks are wrong by minutes, for some minutes. */
  'clocks-minutes': 0.1,
  /** Answers that are far larger than they should be: a cursor, the body of an error, a list of features. */
  'api-large-answers': 0.01,
  /** Cursors of many kilobytes, which lie in objects of their own. */
  'api-long-cursors': 0.3,
  /** Pages that end early, in an answer that looks whole or in a connection that breaks. */
  'api-torn-pages': 0.03,
  /** For some hours, pages of more than a few events are too large to be read. */
  'api-large-pages': 1,
  /** The account keeps to its limits of requests. Its pages are short, and another client asks too. */
  'api-rate-limit': 1,
  /** Last pages with events have no cursor, however often they are asked for. */
  'api-no-cursors': 0.05,
  /**
   * Not only a fault: the collector has a destination beside the lake. Some batches it does not take, or takes in part,
   * slowly or without saying so.
   */
  destinations: 0.1,
  /** The destination takes nothing, for seconds to hours, among them 89 and 95 minutes. */
  'destination-outages': 1,
  /** The destination refuses everything, for as long. */
  'destination-refusals': 1,
  /** Not a fault: a collector with a destination does without the lake. */
  'lake-off': 1,
  /** Not a fault: sources have processing rules, and their users change these in mid-stream. */
  'processing-rules': 1,
} as const

export type Fault = keyof typeof FAULTS

export const FAULT_NAMES = Object.keys(FAULTS) as readonly Fault[]

/** Faults that can delay a state machine, a tick, or the end of an episode. */
export const DELAYING: ReadonlySet<Fault> = new Set(
  FAULT_NAMES.filter(name => !/^(?:api-|secrets-|odd-times$|users$|processing-rules$)/.test(name)),
)
