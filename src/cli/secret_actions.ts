/** What `webhook-secret` does. */
export const SECRET_ACTIONS = ["new", "public"] as const;
