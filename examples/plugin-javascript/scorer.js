// A reward plugin in JavaScript: the share of a JSON object's fields that a completion gets right.
//
// `describe` says what the plugin is, `Session` is the plugin with its configuration, `Checker` one problem with its
// reference read. The module is run once while the component is built: what it computes here costs nothing later.

const configSchema = {
  type: 'object',
  properties: {
    tolerance: {
      type: 'number',
      default: 1e-9,
      description: "How far a number may be from the reference's, relative to it.",
    },
  },
  additionalProperties: false,
};

// Looking for the answer costs fuel: it stands at the end, and is not made of braces alone.
const mostChars = 50_000;
const mostTokens = 2_000;
const deepest = 100;

const tokens = /["{}[\]]/g;
const string = /"[^"\\]*(?:\\.[^"\\]*)*"/gsy;

/** The plugin with its configuration. */
class Session {
  constructor(tolerance) {
    this.tolerance = tolerance;
  }

  static open(configJson) {
    const config = JSON.parse(configJson || 'null') ?? {};
    for (const key of Object.keys(config)) {
      if (!(key in configSchema.properties)) {
        throw { message: `\`${key}\`: unknown field; there is \`tolerance\`` };
      }
    }
    const { tolerance = 1e-9 } = config;
    if (typeof tolerance !== 'number' || tolerance < 0) {
      throw { message: `\`tolerance\` is ${JSON.stringify(tolerance)}: a number from 0 on is expected` };
    }
    return new Session(tolerance);
  }

  prepare(task) {
    let wanted;
    try {
      wanted = JSON.parse(task.reference ?? '');
    } catch (error) {
      throw malformed(`the reference is not JSON: ${error.message}`);
    }
    if (!isObject(wanted) || Object.keys(wanted).length === 0) {
      throw malformed('the reference is not a JSON object with at least one field');
    }
    return new Checker(wanted, this.tolerance);
  }
}

/** One problem, ready to be compared with. */
class Checker {
  constructor(wanted, tolerance) {
    this.wanted = wanted;
    this.tolerance = tolerance;
  }

  score(completion) {
    const found = lastObject(completion);
    if (found === undefined) {
      return { value: 0, answer: undefined, note: 'no JSON object found', parts: [] };
    }
    const parts = Object.entries(this.wanted).map(([name, value]) => [
      name,
      Object.hasOwn(found, name) && this.equal(found[name], value) ? 1 : 0,
    ]);
    const value = parts.reduce((sum, [, part]) => sum + part, 0) / parts.length;
    const wrong = parts.filter(([, part]) => part === 0).map(([name]) => name);
    return {
      value,
      answer: canonical(found),
      note: wrong.length > 0 ? `wrong or missing: ${wrong.join(', ')}` : undefined,
      parts,
    };
  }

  equal(found, wanted) {
    if (typeof found === 'number' && typeof wanted === 'number') {
      const distance = Math.abs(found - wanted);
      // Numbers too large for JavaScript are infinite here: as far from one another as from any other.
      return distance < Infinity && distance <= this.tolerance * Math.max(Math.abs(found), Math.abs(wanted));
    }
    return canonical(found) === canonical(wanted);
  }
}

export const scorer = {
  describe() {
    return {
      name: 'json-fields-js',
      version: '0.1.0',
      kind: 'graded',
      min: 0,
      max: 1,
      configSchema: JSON.stringify(configSchema),
    };
  },
  Session,
  Checker,
};

/** A problem that nobody could judge: never a reward of 0. */
function malformed(message) {
  return { class: 'malformed-problem', message };
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON with the keys in order: equal values have equal texts. */
function canonical(value) {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(', ')}]`;
  }
  if (isObject(value)) {
    const fields = Object.keys(value).sort();
    return `{${fields.map((name) => `${JSON.stringify(name)}: ${canonical(value[name])}`).join(', ')}}`;
  }
  return JSON.stringify(value);
}

/** The last JSON object in `whole` that is not part of another. Reads the text once, however it is made. */
function lastObject(whole) {
  const text = whole.slice(-mostChars);
  const opened = [];
  const closed = [];
  let at = text.indexOf('{');
  for (let count = 0; at !== -1 && count < mostTokens; count++) {
    const token = text[at];
    let end = at + 1;
    if (token === '{' || token === '[') {
      opened.push(at);
      if (opened.length > deepest) return undefined;
    } else if (token === '}' || token === ']') {
      const start = opened.pop();
      if (!['{}', '[]'].includes(text[start] + token)) break;
      if (token === '}') {
        while (closed.length > 0 && closed.at(-1)[0] > start) closed.pop();
        closed.push([start, end]);
      }
    } else {
      if (find(string, text, at) === -1) break;
      end = string.lastIndex;
    }
    // Quotation marks and brackets outside of braces are prose.
    at = opened.length > 0 ? find(tokens, text, end) : text.indexOf('{', end);
  }
  for (const [start, end] of closed.reverse()) {
    try {
      return JSON.parse(text.slice(start, end));
    } catch {
      // Braces that hold no JSON.
    }
  }
  return undefined;
}

/** Where `pattern` is found from `from` on, or -1. */
function find(pattern, text, from) {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? -1;
}
