/** What a status means, in our own words. */
export interface Explanation {
  /** One sentence: what has happened. */
  readonly meaning: string;
  /** The usual causes, each with what to do; none for a status that no service gives. */
  readonly causes?: readonly string[];
  /** For a status that no service gives: where else it comes up. */
  readonly elsewhere?: string;
}

/** What a face's TSDoc says of the statuses a service gives: each status with the words on when. */
export type ServiceStatuses = Readonly<Record<string, string>>;
