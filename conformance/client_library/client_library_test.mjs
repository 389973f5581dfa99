// An unmodified public client library logs in, sends, receives on the websocket, and catches up.
//
// The library insists on more than the clauses can say one by one: gzip bodies, cookies by position, the
// exact error texts, frames it can parse. Whatever it trips over, an application built on it would too.
//
//   TWOSTEP_HTTP=http://127.0.0.1:8080 TWOSTEP_WS=ws://127.0.0.1:8080 node --test client_library_test.mjs
import assert from 'node:assert/strict';
import {randomUUID} from 'node:crypto';
import {once} from 'node:events';
import {createRequire} from 'node:module';
import test from 'node:test';

import {newDevice, newMessage} from './device.mjs';

const require = createRequire(import.meta.url);
const urls = {name: 'under test', rest: process.env.TWOSTEP_HTTP, ws: process.env.TWOSTEP_WS};
const {proteus} = require('@wireapp/protocol-messaging/web/otr');

// The library keeps its cookie in a module: one account per loaded copy.
const freshLibrary = () => {
  for (const file of Object.keys(require.cache)) delete require.cache[file];
  return require('@wireapp/api-client');
};

class Person {
  static async registered(name) {
    const person = new Person();
    const {APIClient} = freshLibrary();
    person.library = new APIClient({urls});
    await person.library.useVersion(9, 9);
    person.email = `${name}-${randomUUID()}@example.org`;
    person.password = `secret of ${name}`;
    await person.library.register({accent_id: 0, email: person.email, name, password: person.password});
    await person.library.logout();
    await person.library.login({clientType: 'permanent', email: person.email, password: person.password});

    const self = await person.library.api.self.getSelf();
    person.id = self.qualified_id;
    person.device = (await person.library.api.client.postClient(newDevice(person.password))).id;
    await person.library.transport.http.associateClientWithSession(person.device);
    person.library.context.clientId = person.device;
    return person;
  }

  /** Opens the socket as an application does: held back until the stream was read. */
  async connect(since) {
    this.frames = [];
    this.library.transport.ws.on('WebSocketClient.TOPIC.ON_MESSAGE', frame => this.frames.push(frame));
    let caughtUp;
    const connected = new Promise((resolve, reject) => {
      this.library.transport.ws.lock();
      this.library.connect(async () => {
        try {
          caughtUp = await this.catchUp(since);
          this.library.transport.ws.unlock();
          resolve();
        } catch (error) {
          reject(error);
        }
      });
    });
    await connected;
    return caughtUp;
  }

  catchUp(since) {
    return this.library.api.notification.getAllNotifications(this.device, since);
  }

  send(conversation, recipients) {
    const message = newMessage(proteus, this.device, recipients);
    return this.library.api.conversation.postOTRMessage(conversation.id, conversation.domain, message);
  }

  async frameWith(text) {
    const wanted = Buffer.from(text).toString('base64');
    for (;;) {
      const frame = this.frames.find(({payload}) => payload.some(event => event.data?.text === wanted));
      if (frame) return frame;
      await once(this.library.transport.ws, 'WebSocketClient.TOPIC.ON_MESSAGE');
    }
  }
}

const texts = list => list.flatMap(({payload}) => payload)
  .filter(({type}) => type === 'conversation.otr-message-add')
  .map(({data}) => Buffer.from(data.text, 'base64').toString());

test('a public client library works unmodified', {timeout: 60_000}, async t => {
  const alice = await Person.registered('alice');
  const bob = await Person.registered('bob');
  t.after(() => [alice, bob].forEach(({library}) => library.disconnect()));

  await alice.library.api.connection.postConnection(bob.id);
  await bob.library.api.connection.putConnection(alice.id, {status: 'accepted'});
  const {qualified_id: chat} = await alice.library.api.conversation.postConversation({
    access: ['invite'], conversation_role: 'wire_member', name: 'chat', protocol: 'proteus',
    qualified_users: [bob.id], receipt_mode: null,
  });

  await t.test('a new device already has a notification', async () => {
    const last = await bob.library.api.notification.getLastNotification(bob.device);
    assert.ok(last.payload.length > 0);
  });

  let pointer;
  await t.test('the socket opens, and holds back until the stream was read', async () => {
    const {notifications, missedNotification} = await bob.connect();
    assert.equal(missedNotification, undefined);
    pointer = notifications.at(-1).id;
  });

  await t.test('a message arrives on the socket, with the id it has in the stream', async () => {
    const status = await alice.send(chat, [{user: bob.id, device: bob.device, text: 'hello'}]);
    assert.deepEqual([status.missing, status.deleted, status.redundant], [{}, {}, {}]);

    const frame = await bob.frameWith('hello');
    const {notifications} = await bob.catchUp(pointer);
    assert.deepEqual(texts(notifications), ['hello']);
    assert.equal(notifications.at(-1).id, frame.id);
    assert.deepEqual(frame.payload[0].qualified_from, alice.id);
    pointer = frame.id;
  });

  await t.test('who is left out is reported, in a 412 that the library passes on', async () => {
    const refused = await alice.send(chat, []).then(() => null, error => error);
    assert.equal(refused?.response?.status, 412);
    assert.deepEqual(refused.response.data.missing, {[bob.id.domain]: {[bob.id.id]: [bob.device]}});
  });

  await t.test('what was sent meanwhile is caught up on', async () => {
    bob.library.disconnect();
    for (const text of ['one', 'two']) await alice.send(chat, [{user: bob.id, device: bob.device, text}]);

    const {notifications} = await bob.catchUp(pointer);
    assert.deepEqual(texts(notifications), ['one', 'two']);
  });

  await t.test('an unknown pointer is noticed, and the whole stream comes instead', async () => {
    const unknown = '2f3c1e60-7a3d-11f0-8de9-0242ac120002';
    const {notifications, missedNotification} = await bob.catchUp(unknown);
    assert.equal(missedNotification, unknown);
    assert.deepEqual(texts(notifications), ['hello', 'one', 'two']);
  });

  await t.test('after the logout the cookie is refused', async () => {
    await alice.library.logout({skipLogoutRequest: false});
    await assert.rejects(alice.library.init());
  });
});
