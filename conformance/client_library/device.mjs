// What a client library leaves to the application: the bodies of a device and of a message.
import {randomBytes} from 'node:crypto';

const bytes = (...parts) => Buffer.concat(parts.map(part => Buffer.from(part)));

// A CBOR prekey bundle: {0: version, 1: id, 2: {0: public key}, 3: {0: {0: identity key}}, 4: null}.
const prekey = id => {
  const number = id < 24 ? [id] : id < 256 ? [0x18, id] : [0x19, id >> 8, id & 0xff];
  const bundle = bytes([0xa5, 0x00, 0x01, 0x01], number, [0x02, 0xa1, 0x00, 0x58, 0x20], randomBytes(32),
    [0x03, 0xa1, 0x00, 0xa1, 0x00, 0x58, 0x20], randomBytes(32), [0x04, 0xf6]);
  return {id, key: bundle.toString('base64')};
};

export const newDevice = password => ({
  class: 'desktop',
  cookie: `label-${randomBytes(4).toString('hex')}`,
  lastkey: prekey(65535),
  model: 'client library test',
  password,
  prekeys: [1, 2, 3].map(prekey),
  type: 'permanent',
});

const clientNumber = (proteus, hex) => ({
  client: proteus.ClientId.fromObject({client: BigInt(`0x${hex}`).toString()}).client,
});

/** A message with a strategy that reports whoever is left out. */
export const newMessage = (proteus, sender, recipients) => {
  const byDomain = Map.groupBy
    ? Map.groupBy(recipients, ({user}) => user.domain)
    : recipients.reduce((map, one) => map.set(one.user.domain, [...(map.get(one.user.domain) ?? []), one]), new Map());
  return proteus.QualifiedNewOtrMessage.create({
    sender: clientNumber(proteus, sender),
    recipients: [...byDomain].map(([domain, list]) => ({
      domain,
      entries: list.map(({user, device, text}) => ({
        user: {uuid: Buffer.from(user.id.replaceAll('-', ''), 'hex')},
        clients: [{client: clientNumber(proteus, device), text: Buffer.from(text)}],
      })),
    })),
    reportAll: {},
  });
};
