/// The page around a report.
enum HTMLPage {
    static func text(title: String, body: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
        img-src data:; script-src 'sha256-\(scriptHash)'; base-uri 'none'; form-action 'none'">
        <meta name="generator" content="blast-radius">
        <title>\(HTMLText.escape(title))</title>
        <style>
        \(style)</style>
        </head>
        <body>
        <main>
        \(body)
        </main>
        <script>\(script)</script>
        </body>
        </html>

        """
    }

    /// The SHA-256 of ``script`` in base64, as the content security policy names it; a test computes it anew.
    static let scriptHash = "78EIqf2tXGWtYOv3awiNoLyMRMxUU9kvyJYJyKb5r0M="

    /// Makes long tables sortable by their headings and filterable by words.
    ///
    /// Without it the page is complete.
    static let script = """

        "use strict";
        for (const table of document.querySelectorAll("table.long")) {
          const body = table.tBodies[0];
          const rows = Array.from(body.rows);
          const box = document.createElement("p");
          box.className = "filter";
          const input = document.createElement("input");
          input.type = "search";
          input.placeholder = "filter, for example: explained grafana";
          input.setAttribute("aria-label", "Filter the alerts");
          const count = document.createElement("span");
          count.setAttribute("role", "status");
          box.append(input, count);
          table.before(box);
          const filter = () => {
            const words = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
            let shown = 0;
            for (const row of rows) {
              const text = row.textContent.toLowerCase();
              row.hidden = !words.every((word) => text.includes(word));
              if (!row.hidden) shown += 1;
            }
            count.textContent = shown + " of " + rows.length;
          };
          input.addEventListener("input", filter);
          filter();
          Array.from(table.tHead.rows[0].cells).forEach((head, index) => {
            const button = document.createElement("button");
            button.type = "button";
            button.textContent = head.textContent;
            head.dataset.name = head.textContent;
            head.replaceChildren(button);
            button.addEventListener("click", () => {
              const falling = head.getAttribute("aria-sort") === "ascending";
              for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
              head.setAttribute("aria-sort", falling ? "descending" : "ascending");
              const key = (row) => row.cells[index].textContent;
              const order = (a, b) => key(a).localeCompare(key(b), undefined, { numeric: true });
              rows.sort((a, b) => (falling ? order(b, a) : order(a, b)));
              body.append(...rows);
            });
          });
        }

        """

    private static let style = """
        :root { color-scheme: light dark; --ink: #1b1f24; --muted: #57606a; --line: #d8dce2; --paper: #ffffff;
          --shade: #f6f7f9; --root: #a83c00; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --muted: #a5adb8; --line: #363c47;
          --paper: #14171c; --shade: #1c2027; --root: #ff8f56; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 Helvetica, Arial, sans-serif; }
        main { max-width: 92rem; margin: 0 auto; padding: 1.5rem 1.5rem 4rem; }
        h1 { font-size: 1.6rem; line-height: 1.25; }
        h2 { font-size: 1.2rem; margin-top: 2.2rem; padding-bottom: .2rem; border-bottom: 1px solid var(--line); }
        h3 { font-size: 1rem; margin-bottom: .3rem; }
        p, li { max-width: 60rem; overflow-wrap: anywhere; }
        a { color: inherit; }
        code { unicode-bidi: isolate; font: .9em ui-monospace, Menlo, Consolas, "Liberation Mono", monospace; background: var(--shade);
          padding: .05em .25em; border-radius: 3px; overflow-wrap: anywhere; }
        figure { margin: 1.5rem 0; overflow-x: auto; }
        figure.words { border-left: 4px solid var(--root); padding-left: 1rem; }
        .blank { color: var(--muted); font-style: italic; border: 1px dashed var(--line); padding: .5rem .75rem; }
        table { border-collapse: collapse; font-size: .875rem; width: 100%; }
        th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line);
          overflow-wrap: anywhere; }
        th { color: var(--muted); font-weight: 600; }
        td[data-column^="Time"], td[data-column="Began"], td[data-column="Fired"], td[data-column="Event"],
        td[data-column="Verdict"], td[data-column="Links"] { white-space: nowrap; }
        td[data-column="Alert"], td[data-column="Entity"], td[data-column="Why"] { min-width: 10rem; }
        @media (min-width: 80rem) { td[data-column="Alert"], td[data-column="Entity"] { min-width: 19rem; } }
        td[data-column="Alerts"] { font-variant-numeric: tabular-nums; }
        th button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
        th button::after { content: " \\2195"; opacity: .5; }
        th[aria-sort="ascending"] button::after { content: " \\2191"; opacity: 1; }
        th[aria-sort="descending"] button::after { content: " \\2193"; opacity: 1; }
        .filter input { font: inherit; padding: .3rem .5rem; width: 22rem; max-width: 100%; margin-right: .75rem;
          color: inherit; background: var(--paper); border: 1px solid var(--line); border-radius: 4px; }
        .filter span { color: var(--muted); font-size: .875rem; }
        @media print { :root { font-size: 11px; } body { font-size: 1rem; } main { max-width: none; padding: 0; } .filter { display: none; }
          h2, h3 { break-after: avoid; } tr, figure { break-inside: avoid; } thead { display: table-header-group; }
          th button { display: none; } th[data-name]::before { content: attr(data-name); } a { text-decoration: none; } }

        """
}
