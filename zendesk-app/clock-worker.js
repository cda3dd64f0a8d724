// The page's clock: gives each number back after its time.
//
// In:  { id, ms }
// Out: id

addEventListener("message", ({ data: { id, ms } }) => setTimeout(() => postMessage(id), ms));
