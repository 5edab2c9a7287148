// What each recording of OpenAI's completions and responses says, read off the files.

/** Cassettes of completions: reason, opening of the text, tokens in and out. */
export const completions: readonly (readonly [
  name: string,
  stop: string,
  text: string,
  input: number | null,
  output: number | null,
])[] = [
  ['completion-basic', 'length', ' + fib(n-3) + fib(n-4)\n\ndef fib(n)', 31, 25],
  ['completion-streaming', 'length', ' + fib(n-3)\n\ndef fib2(n):', null, null],
  ['completion-streaming-usage', 'length', ' + fib(n-3) + fib(n-4)\n\ndef fibn(n)', 31, 25],
  ['completion-suffix', 'end', '\n        return fib(n - 1)', 25, 30],
  ['completion-text-batch', 'end', ' + fib(n-3)', 49, 58],
  ['completion-token', 'length', ' + fib(n-3) + fib(n-4)\n\nprint fib(1000)', 31, 25],
  ['completion-token-batch', 'length', ' + fib(n-3) + fib(n-4)\n```', 49, 57],
]

/** File below `vercel-ai`, reason, opening of the text, calls, tokens in, out, cached, reasoning. */
export type Facts = readonly [string, string, string, readonly string[], ...(readonly [number, number, number, number])]

/** Whole responses. */
export const answers: readonly Facts[] = [
  ['openai/responses/openai-apply-patch-tool.1.json', 'tool', '', ['apply_patch_call'], 642, 67, 0, 0],
  ['openai/responses/openai-client-tool-search.1.json', 'tool', '', ['tool_search_call'], 65, 28, 0, 0],
  ['openai/responses/openai-client-tool-search.2.json', 'tool', '', ['get_weather'], 461, 26, 0, 0],
  ['openai/responses/openai-code-interpreter-tool.1.json', 'end', 'I ran 10,000 trials', [], 2283, 1928, 0, 1792],
  ['openai/responses/openai-custom-tool.1.json', 'tool', '', ['write_sql'], 50, 20, 0, 0],
  ['openai/responses/openai-file-search-tool.1.json', 'end', 'According to the', [], 3700, 741, 2560, 640],
  ['openai/responses/openai-file-search-tool.2.json', 'end', 'According to the', [], 3678, 536, 2304, 448],
  ['openai/responses/openai-image-generation-tool.1.json', 'end', '', [], 3151, 1970, 0, 1920],
  ['openai/responses/openai-local-shell-tool.1.json', 'tool', '', ['local_shell_call'], 407, 24, 0, 0],
  ['openai/responses/openai-mcp-tool-approval.1.json', 'tool', '', ['create_short_url'], 422, 104, 0, 64],
  ['openai/responses/openai-mcp-tool-approval.2.json', 'end', 'I couldn', [], 592, 421, 0, 320],
  ['openai/responses/openai-mcp-tool-approval.3.json', 'tool', '', ['create_short_url'], 587, 104, 0, 64],
  ['openai/responses/openai-mcp-tool-approval.4.json', 'end', 'Done — I created', [], 765, 74, 0, 0],
  ['openai/responses/openai-mcp-tool.1.json', 'end', 'Yes — the latest', [], 6700, 1078, 0, 704],
  ['openai/responses/openai-phase.1.json', 'end', 'I’ll quickly check', [], 7243, 423, 3072, 58],
  ['openai/responses/openai-reasoning-encrypted-content.1.json', 'end', '12 + 7 = 19', [], 865, 163, 0, 128],
  ['openai/responses/openai-shell-container-multiturn.1.json', 'end', '`x86_64`', [], 800, 19, 0, 0],
  ['openai/responses/openai-shell-container.1.json', 'end', 'The command ran', [], 200, 120, 0, 0],
  ['openai/responses/openai-shell-local-multiturn.1.json', 'end', '`arm64`', [], 444, 12, 0, 0],
  ['openai/responses/openai-shell-skills.1.json', 'end', 'Build a STOP', [], 1499, 331, 1024, 100],
  ['openai/responses/openai-shell-tool.1.json', 'tool', '', ['shell_call'], 157, 73, 0, 0],
  ['openai/responses/openai-tool-search.1.json', 'tool', '', ['get_weather'], 640, 46, 0, 20],
  ['openai/responses/openai-web-search-tool.1.json', 'end', 'Short answer', [], 19681, 3773, 3712, 3136],
  ['openai/responses/parallel-tool-call-wrapper.1.json', 'tool', '', ['parallel'], 34, 28, 0, 0],
  ['openai/responses/programmatic-tool-calling.1.json', 'tool', '', ['getInventory'], 631, 139, 0, 55],
  ['openai/responses/programmatic-tool-calling.2.json', 'tool', '', ['getDemand'], 0, 0, 0, 0],
  ['openai/responses/programmatic-tool-calling.3.json', 'end', 'Inventory is', [], 802, 58, 0, 0],
  ['azure/azure-code-interpreter-tool.1.json', 'end', 'I ran the program', [], 1750, 400, 0, 192],
  ['azure/azure-image-generation-tool.1.json', 'end', 'Here is an anime', [], 1977, 65, 0, 0],
  ['azure/azure-reasoning-encrypted-content.1.json', 'end', '(12 + 7) = 19', [], 564, 101, 0, 64],
  ['azure/azure-text.1.json', 'end', 'Word', [], 11, 11, 0, 0],
  ['azure/azure-tool-call.1.json', 'tool', '', ['weather'], 45, 24, 0, 0],
  ['azure/azure-web-search-preview-tool.1.json', 'end', 'Here are three', [], 10188, 405, 0, 0],
  ['azure/openai-file-search-tool.1.json', 'end', 'According to the', [], 3700, 741, 2560, 640],
  ['azure/openai-file-search-tool.2.json', 'end', 'According to the', [], 3678, 536, 2304, 448],
]

/** Streamed responses: the first answer where a file holds several. */
export const streams: readonly Facts[] = [
  ['openai/responses/github-copilot-id-rotation.1', 'end', 'There are **3**', [], 19, 105, 0, 44],
  ['openai/responses/openai-apply-patch-tool-delete.1', 'tool', '', ['apply_patch_call'], 24, 0, 0, 0],
  ['openai/responses/openai-apply-patch-tool.1', 'tool', '', ['apply_patch_call'], 642, 67, 0, 0],
  ['openai/responses/openai-client-tool-search.1', 'tool', '', ['tool_search_call'], 65, 31, 0, 0],
  ['openai/responses/openai-client-tool-search.2', 'tool', '', ['get_weather'], 467, 26, 0, 0],
  ['openai/responses/openai-code-interpreter-tool.1', 'end', 'Here’s a simulation', [], 6047, 1623, 2944, 1408],
  ['openai/responses/openai-custom-tool.1', 'tool', '', ['write_sql'], 50, 20, 0, 0],
  ['openai/responses/openai-file-search-tool.1', 'end', 'According to the', [], 3737, 621, 2304, 512],
  ['openai/responses/openai-file-search-tool.2', 'end', 'The document', [], 3748, 543, 2304, 448],
  ['openai/responses/openai-image-generation-tool.1', 'end', '', [], 2941, 1249, 1920, 1024],
  ['openai/responses/openai-local-shell-tool.1', 'tool', '', ['local_shell_call'], 407, 151, 0, 128],
  ['openai/responses/openai-mcp-tool-approval.1', 'tool', '', ['create_short_url'], 422, 48, 0, 0],
  ['openai/responses/openai-mcp-tool-approval.2', 'end', 'I wasn’t able', [], 553, 371, 0, 256],
  ['openai/responses/openai-mcp-tool-approval.3', 'tool', '', ['create_short_url'], 609, 48, 0, 0],
  ['openai/responses/openai-mcp-tool-approval.4', 'end', 'Done — here’s', [], 779, 69, 0, 0],
  ['openai/responses/openai-mcp-tool.1', 'end', 'Yes — I searched', [], 11791, 963, 0, 512],
  ['openai/responses/openai-phase.1', 'end', 'Got it — I’ll', [], 7112, 463, 3072, 64],
  ['openai/responses/openai-reasoning-encrypted-content.1', 'tool', '', ['calculator'], 134, 28, 0, 0],
  ['openai/responses/openai-shell-container-multiturn.1', 'end', 'The architecture', [], 802, 20, 0, 0],
  ['openai/responses/openai-shell-container.1', 'end', 'The command ran', [], 200, 120, 0, 0],
  ['openai/responses/openai-shell-local-multiturn.1', 'end', '`arm64`', [], 444, 12, 0, 0],
  ['openai/responses/openai-shell-skills.1', 'end', 'Build a STOP', [], 1501, 314, 1024, 100],
  ['openai/responses/openai-shell-tool.1', 'tool', '', ['shell_call'], 145, 41, 0, 0],
  ['openai/responses/openai-tool-search.1', 'tool', '', ['get_weather'], 640, 46, 0, 20],
  ['openai/responses/openai-web-search-tool.1', 'end', 'I checked today', [], 31073, 4416, 3712, 3712],
  ['openai/responses/parallel-tool-call-wrapper.1', 'tool', '', ['parallel'], 34, 28, 0, 0],
  ['openai/responses/programmatic-tool-calling.1', 'tool', '', ['getInventory'], 631, 87, 0, 37],
  ['openai/responses/programmatic-tool-calling.2', 'tool', '', ['getDemand'], 0, 0, 0, 0],
  ['openai/responses/programmatic-tool-calling.3', 'end', 'Inventory is', [], 757, 35, 0, 0],
  ['azure/azure-code-interpreter-tool.1', 'end', "Here's a simple", [], 2143, 919, 1280, 576],
  ['azure/azure-image-generation-tool.1', 'end', 'Here is an anime', [], 1979, 67, 0, 0],
  ['azure/azure-reasoning-encrypted-content.1', 'tool', '', ['calculator'], 137, 28, 0, 0],
  ['azure/azure-text.1', 'end', 'Hello', [], 11, 11, 0, 0],
  ['azure/azure-tool-call.1', 'tool', '', ['weather'], 45, 24, 0, 0],
  ['azure/azure-web-search-preview-tool.1', 'end', 'Here are three', [], 5093, 369, 0, 0],
  ['azure/openai-file-search-tool.1', 'end', 'According to the', [], 3737, 621, 2304, 512],
  ['azure/openai-file-search-tool.2', 'end', 'The document', [], 3748, 543, 2304, 448],
]

/** This recording was written by hand: its first and its last line lack a brace. */
export const unclosed = 'parallel-tool-call-wrapper.1'

/** From these recordings their authors took pieces out; the ends of the items hold the whole. */
export const shortened = new Set(['openai/responses/openai-phase.1', 'openai/responses/openai-shell-container.1'])
