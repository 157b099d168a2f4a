// Every text of the page that lies over another one, or is cut off where nothing says so.
() => {
  const seen = [], faults = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    const text = node.data.trim();
    if (!text || parent.closest('.spoken, title, option, script, style, .skip, .sheet')) continue;
    if (!parent.checkVisibility({ visibilityProperty: true })) continue;
    if (getComputedStyle(parent).clipPath !== 'none') continue; // only for ears
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width < 1 || box.height < 1) continue;
      let [left, right, top, bottom] = [box.left, box.right, box.top, box.bottom];
      let cut = right > document.documentElement.clientWidth + 1 ? 'window' : '';
      for (let holder = parent; holder !== document.body; holder = holder.parentElement) {
        const style = getComputedStyle(holder);
        if (style.overflowX === 'visible' || style.display === 'inline') continue;
        const around = holder.getBoundingClientRect();
        const over = left < around.left - 2 || right > around.right + 2
          || bottom > around.bottom + 3 || top < around.top - 3;
        if (!over) continue;
        if (holder.matches('.scroll') && holder.nextSibling.textContent) {
          [left, right] = [Math.max(left, around.left), Math.min(right, around.right)];
          [top, bottom] = [Math.max(top, around.top), Math.min(bottom, around.bottom)];
          cut = '';
          continue;
        }
        cut = holder.className.baseVal ?? holder.className ?? holder.tagName;
      }
      if (cut) faults.push(`cut by ${cut || 'svg'}: ${text.slice(0, 60)}`);
      // What is in view of its boxes; a line's glyphs are less tall than the line.
      const quarter = (bottom - top) / 4;
      if (right - left > 1 && bottom > top)
        seen.push({ node, text, left, right, top: top + quarter, bottom: bottom - quarter });
    }
  }
  seen.sort((a, b) => a.top - b.top);
  for (let i = 0; i < seen.length; i++)
    for (let j = i + 1; j < seen.length && seen[j].top < seen[i].bottom; j++) {
      const [a, b] = [seen[i], seen[j]];
      if (a.node !== b.node && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1.5)
        faults.push(`"${a.text.slice(0, 40)}" and "${b.text.slice(0, 40)}" overlap`);
    }
  return [...new Set(faults)];
}
