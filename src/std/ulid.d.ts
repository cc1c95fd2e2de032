/** A ULID for the time, greater than the last one made for the same or a later time. */
export declare function monotonicUlid(seedTimeMs?: number): string;

/** The time of a ULID, in milliseconds since 1970. */
export declare function decodeTime(ulid: string): number;
