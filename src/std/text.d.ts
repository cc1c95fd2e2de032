/** The number of insertions, deletions and substitutions that turn one text into the other. */
export declare function levenshteinDistance(from: string, to: string): number;
