/**
 * Secrets and signatures of Standard Webhooks 1.0.0: those of the reference libraries' own tests,
 * and some that other programs computed with the same keys.
 *
 * @module
 */

/** Keys that everybody knows. */
export const S1 = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
export const S2 = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
export const PRIVATE_KEY =
  "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
export const PUBLIC_KEY = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";

/** What a secret makes of a message. */
export interface Vector {
  readonly secret: string;
  readonly id: string;
  readonly timestamp: number;
  readonly body: string;
  readonly signature: string;
}

const OFFICIAL = {
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  timestamp: 1614265330,
  body: '{"test": 2432232314}',
};

/** A message of this program's kind. */
export const EVENT_MESSAGE = {
  id: "msg_gluster0001",
  timestamp: 1468303360,
  body: '{"event":"VOLUME_CREATE","message":{"name":"gv0"},' +
    '"nodeid":"95cd599c-5d87-43c1-8fba-b12821fd41b6","ts":1468303352}',
};

export const VECTORS: readonly Vector[] = [
  { secret: S1, ...OFFICIAL, signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" },
  {
    secret: PRIVATE_KEY,
    ...OFFICIAL,
    signature:
      "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==",
  },
  {
    secret: S1,
    ...OFFICIAL,
    body: "",
    signature: "v1,v48jdbgvh29KJz2Qc+ghw8G6vG3nAKnujWBg8oM/62A=",
  },
  {
    secret: S1,
    ...OFFICIAL,
    body: '{"name":"größe-日本"}',
    signature: "v1,dMTF4pQczLrmmTIROlcSJjqcJjp5+OvxUMqABRgusrw=",
  },
  {
    secret: S1,
    id: "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
    timestamp: 1674087231,
    body: '{"type":"contact.created","timestamp":"2022-11-03T20:26:10.344522Z",' +
      '"data":{"id":"1f81eb52-5198-4599-803e-771906343485"}}',
    signature: "v1,ARw42xaAApl/nxRo+iPGYwSaMQaOwMo2eyH5JBRA+bQ=",
  },
  {
    secret: S2,
    id: "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
    timestamp: 1649367553,
    body: '{"email":"test@example.com","username":"test_user"}',
    signature: "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
  },
  { secret: S1, ...EVENT_MESSAGE, signature: "v1,vLgcK8rARrFbj8ZR2grky14W1JaHHVJrxeTUm3WvJTU=" },
  { secret: S2, ...EVENT_MESSAGE, signature: "v1,VETIB5ySSdiKHxPLHugR6bS1TjWwm7PJ+d8hwx9AfMk=" },
  {
    secret: PRIVATE_KEY,
    ...EVENT_MESSAGE,
    signature:
      "v1a,AprWz+2aE7KWO6T49/HlJDWHaIfGJ09ivAoDmICyrSW6tJWB1XmN6h5A6SAv6A9c6eGIM09qpWgcOTBFdGGCBg==",
  },
];
