(function () {
  'use strict';
  var box = document.getElementById('form');
  var KEY = box.getAttribute('data-key'), RELEASE = box.getAttribute('data-code');
  var answers = [];
  function id(name) { return document.getElementById(name); }

  // SHA-256 (FIPS 180-4) and HMAC (RFC 2104): telephones do not offer theirs to a page from a file.
  function sha256(message) {
    var constants = [], hash = [], words, bytes = message.concat([128]), bits = message.length * 8, p, i, j;
    function turn(x, n) { return (x >>> n) | (x << (32 - n)); }
    for (p = 2; constants.length < 64; p++) {
      for (i = 2; i * i <= p && p % i; i++);
      if (i * i <= p) continue;
      if (hash.length < 8) hash.push((Math.pow(p, 1 / 2) * 4294967296) | 0);
      constants.push((Math.pow(p, 1 / 3) * 4294967296) | 0);
    }
    while (bytes.length % 64 !== 56) bytes.push(0);
    bytes.push(0, 0, 0, 0, (bits >>> 24) & 255, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255);
    for (j = 0; j < bytes.length; j += 64) {
      words = [];
      for (i = 0; i < 64; i++) {
        if (i < 16) {
          p = j + 4 * i;
          words[i] = (bytes[p] << 24) | (bytes[p + 1] << 16) | (bytes[p + 2] << 8) | bytes[p + 3];
        } else {
          var a = words[i - 15], b = words[i - 2];
          words[i] = (words[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + words[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10))) | 0;
        }
      }
      var s = hash.slice();
      for (i = 0; i < 64; i++) {
        var one = (s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + constants[i] + words[i]) | 0;
        var two = ((turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]))) | 0;
        s = [(one + two) | 0, s[0], s[1], s[2], (s[3] + one) | 0, s[4], s[5], s[6]];
      }
      for (i = 0; i < 8; i++) hash[i] = (hash[i] + s[i]) | 0;
    }
    var out = [];
    for (i = 0; i < 8; i++) out.push((hash[i] >>> 24) & 255, (hash[i] >>> 16) & 255, (hash[i] >>> 8) & 255, hash[i] & 255);
    return out;
  }
  function hmac(key, message) {
    var inner = [], outer = [], i;
    for (i = 0; i < 64; i++) { inner.push((key[i] || 0) ^ 54); outer.push((key[i] || 0) ^ 92); }
    return sha256(outer.concat(sha256(inner.concat(message))));
  }
  function utf8(text) {
    var plain = unescape(encodeURIComponent(text)), bytes = [], i;
    for (i = 0; i < plain.length; i++) bytes.push(plain.charCodeAt(i));
    return bytes;
  }
  function hex(bytes) {
    return bytes.map(function (byte) { return (byte < 16 ? '0' : '') + byte.toString(16); }).join('');
  }
  function unhex(text) {
    return text.match(/../g).map(function (pair) { return parseInt(pair, 16); });
  }

  // The canonical form of RFC 8785: names sorted, nothing between, numbers as this language writes them.
  function canonical(value) {
    if (Array.isArray(value)) return '[' + value.map(canonical).join(',') + ']';
    if (value && typeof value === 'object') {
      var names = Object.keys(value).sort();
      return '{' + names.map(function (name) { return JSON.stringify(name) + ':' + canonical(value[name]); }).join(',') + '}';
    }
    return JSON.stringify(value);
  }

  function number(name) {
    var text = id(name).value.replace(/\s/g, '').replace(',', '.');
    if (!text) return null;
    if (!/^\d+(\.\d+)?$/.test(text) || !(Number(text) >= 0)) throw name;
    return Number(text);
  }
  function said() {
    var word = id('say').value.split('.'), details = {}, answer = { details: details };
    var states = ['received', 'assigned', 'on_the_way', 'dispute'];
    if (states.indexOf(word[0]) >= 0) {
      answer.state = word[0];
    } else {
      answer.state = 'outcome';
      answer.outcome = word[0];
      if (word[1]) answer.reason = word[1];
      // What stands in the fields of an earlier answer is none of this one.
      var found = ['dismantled', 'seized', 'arrests'].indexOf(word[0]) >= 0;
      var amount = found ? number('amount') : null, arrests = found ? number('arrests') : null;
      if (amount) details.seized = [{ amount: amount, goods: id('goods').value, unit: id('unit').value }];
      if (arrests !== null) details.arrests = Math.round(arrests);
    }
    if (id('note').value.trim()) answer.note = id('note').value.trim();
    return answer;
  }

  id('add').onclick = function () {
    var answer;
    id('wrong').hidden = true;
    try {
      answer = said();
    } catch (name) {
      id('wrong').hidden = false;
      id(name).focus();
      return;
    }
    var key = Date.now().toString(36) + Math.random().toString(36).slice(2, 12);
    answers.push({ answer: answer, at: new Date().toISOString(), key: key });
    var file = { answers: answers, form: 'cathartes-answers-1', release: RELEASE };
    file.mac = hex(hmac(unhex(KEY), utf8('file\0' + canonical(file))));
    var text = canonical(file);
    id('file').value = text;
    id('save').href = 'data:application/json;charset=utf-8,' + encodeURIComponent(text);
    id('done').hidden = false;
    id('count').textContent = String(answers.length);
  };
  box.hidden = false;
})();
