type Constructor<T> = abstract new (...args: never[]) => T;

/** Fails if the condition is false. */
export declare function assert(condition: unknown, message?: string): asserts condition;

/** Fails, with a diff, if the two are not deeply equal. */
export declare function assertEquals<T>(actual: T, expected: T, message?: string): void;

/** Fails if the value is no instance of the class. */
export declare function assertInstanceOf<T>(
  actual: unknown,
  expectedClass: Constructor<T>,
  message?: string,
): asserts actual is T;

/** Fails if the text does not match. */
export declare function assertMatch(actual: string, expected: RegExp, message?: string): void;

/** Fails if the function does not reject with such an error. */
export declare function assertRejects<T extends Error>(
  fn: () => PromiseLike<unknown>,
  errorClass: Constructor<T>,
  messageIncludes?: string,
): Promise<T>;

/** Fails if the text does not contain the other. */
export declare function assertStringIncludes(
  actual: string,
  expected: string,
  message?: string,
): void;

/** Fails if the function does not throw such an error. */
export declare function assertThrows<T extends Error>(
  fn: () => unknown,
  errorClass: Constructor<T>,
  messageIncludes?: string,
): T;
