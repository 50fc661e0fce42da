// Renders cards as Microsoft's own renderer does: a JSON list of cards in a file; what it complains of and what can be read, one JSON line a card.
const fs = require('fs')
const { JSDOM } = require('jsdom')

const { window } = new JSDOM('<!DOCTYPE html><html lang="en-GB"><body></body></html>')
Object.assign(globalThis, { window, document: window.document })
for (const name of Object.getOwnPropertyNames(window).filter((name) => /^(HTML.*Element|Node|Element)$/.test(name))) globalThis[name] = window[name]
// jsdom draws nothing, so it knows no innerText, by which the renderer writes.
Object.defineProperty(window.HTMLElement.prototype, 'innerText', {
  get() { return this.textContent },
  set(text) { this.textContent = text },
})
const said = []
console.warn = console.error = (...words) => said.push(words.join(' '))
const cards = require('adaptivecards/dist/adaptivecards.js')

// As Teams has them; everything else as the renderer comes.
const host = new cards.HostConfig({ supportsInteractivity: true, actions: { maxActions: 6 } })

function events(found) {
  return found.map((one) => `${one.event} ${one.message}`)
}

function rendered(json) {
  said.length = 0
  const context = new cards.SerializationContext(cards.Versions.v1_5)
  const card = new cards.AdaptiveCard()
  const markup = []
  cards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    markup.push(text)
    result.outputHtml = text
    result.didProcess = true
  }
  card.hostConfig = host
  card.parse(json, context)
  const shown = card.render()
  const wrong = Array.from({ length: context.eventCount }, (_, i) => context.getEventAt(i))
  return {
    wrong: [...events(wrong), ...events(card.validateProperties().validationEvents), ...said],
    markup,
    text: shown ? shown.textContent : '',
    buttons: shown ? [...shown.querySelectorAll('button')].map((b) => b.textContent) : [],
    fields: card.getAllInputs().length,
    labelled: shown ? [...shown.querySelectorAll('textarea,select,input')].filter((f) => f.getAttribute('aria-labelledby') || f.getAttribute('aria-label')).length : 0,
    all: shown ? shown.querySelectorAll('textarea,select,input').length : 0,
  }
}

for (const one of JSON.parse(fs.readFileSync(process.argv[2], 'utf-8'))) {
  process.stdout.write(JSON.stringify(rendered(one)) + '\n')
}
process.exitCode = 0
