/** The names of the registered HTTP status codes. */
export declare const STATUS_TEXT: Readonly<Record<number, string>>;
