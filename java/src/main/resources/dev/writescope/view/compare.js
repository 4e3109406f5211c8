"use strict";
(() => {
  const subjects = JSON.parse(document.getElementById("data").textContent);
  const select = document.getElementById("subject");
  const charts = document.getElementById("charts");
  if (!subjects.length || !select) {
    return;
  }
  const POINTS_PER_DECADE = 24;
  const QUANTILES = [[1, "min"], [2, "P50"], [10, "P90"], [100, "P99"], [1000, "P99.9"], [10000, "P99.99"]];
  let plots = [];
  let colours = {};

  const element = (name, style, text) => {
    const made = document.createElement(name);
    if (style) made.className = style;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const three = value => value < 9.995 ? value.toFixed(2) : value < 99.95 ? value.toFixed(1) : value.toFixed(0);

  const latency = ns => ns == null ? "-"
    : ns < 999500 ? three(ns / 1e3) + " µs"
    : ns < 999500000 ? three(ns / 1e6) + " ms"
    : three(ns / 1e9) + " s";

  // A tick is a round number: no zeros behind the point.
  const tick = ns => ns < 1e6 ? +(ns / 1e3).toPrecision(3) + " µs"
    : ns < 1e9 ? +(ns / 1e6).toPrecision(3) + " ms"
    : +(ns / 1e9).toPrecision(3) + " s";

  // 1, 2, 5 of each power of ten where there is room, else the powers only.
  const logTicks = (min, max, room) => {
    const ticks = [];
    for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power++) {
      for (const step of [1, 2, 5]) {
        const value = step * 10 ** power;
        if (value >= min * 0.999 && value <= max * 1.001) ticks.push(value);
      }
    }
    const powers = ticks.filter(value => Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-9);
    return ticks.length <= room || powers.length < 2 ? ticks : powers;
  };

  const readColours = () => {
    const style = getComputedStyle(document.documentElement);
    for (const name of ["page", "text", "quiet", "line", "grid", "before", "after", "cold", "warm", "hot"]) {
      colours[name] = style.getPropertyValue("--" + name).trim();
    }
  };

  const rgb = hex => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16));
  const mix = (one, other, share) => one.map((part, i) => Math.round(part + (other[i] - part) * share));
  const heat = share => {
    const [cold, warm, hot] = [rgb(colours.cold), rgb(colours.warm), rgb(colours.hot)];
    return "rgb(" + (share < 0.5 ? mix(cold, warm, share * 2) : mix(warm, hot, share * 2 - 1)).join(",") + ")";
  };

  const font = "12px system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif";

  const axis = options => ({
    stroke: colours.quiet,
    font,
    labelFont: font,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { stroke: colours.line, width: 1, size: 5 },
    ...options,
  });

  const latencyAxis = height => axis({
    size: 66,
    splits: (plot, at, min, max) => logTicks(min, max, height / 34),
    values: (plot, ticks) => ticks.map(tick),
    filter: (plot, ticks) => ticks,
  });

  const width = box => Math.max(240, Math.floor(box.clientWidth));

  // ---- percentile curves

  const curves = (subject, figure) => {
    const box = figure.appendChild(element("div", "plot"));
    const readout = figure.appendChild(element("div", "readout"));
    const [before, after] = subject.curves;
    const length = Math.max(before.length, after.length, 2);
    const x = Array.from({ length }, (_, i) => 10 ** (i / POINTS_PER_DECADE));
    const pad = list => x.map((_, i) => i < list.length ? list[i] : null);
    const all = [...before, ...after, ...subject.quantiles.flatMap(one => [one.low, one.high])].filter(v => v > 0);
    const low = Math.min(...all) / 1.2;
    const high = Math.max(...all) * 1.2;
    const height = 320;
    const plot = new uPlot({
      width: width(box),
      height,
      padding: [10, 58, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, y: false, points: { size: 7 } },
      scales: {
        x: { time: false, distr: 3, range: [1, Math.max(10, x[length - 1])] },
        y: { distr: 3, range: [low, high] },
      },
      axes: [
        axis({
          size: 34,
          splits: (plot, at, min, max) => QUANTILES.map(one => one[0]).filter(value => value <= max * 1.001),
          values: (plot, ticks) => ticks.map(value => (QUANTILES.find(one => one[0] === value) || [0, ""])[1]),
          filter: (plot, ticks) => ticks,
        }),
        latencyAxis(height),
      ],
      series: [
        {},
        { label: "before", stroke: colours.before, width: 2, dash: [6, 4], points: { show: false } },
        { label: "after", stroke: colours.after, width: 2.5, points: { show: false } },
      ],
      hooks: {
        draw: [plot => { intervals(plot, subject); labels(plot); }],
        setCursor: [plot => {
          const at = plot.cursor.idx;
          readout.textContent = at == null ? "" : quantile(x[at]) + ": " + latency(plot.data[1][at]) + " before, "
            + latency(plot.data[2][at]) + " after";
        }],
      },
    }, [x, pad(before), pad(after)], box);
    plots.push([plot, box, height]);
  };

  const quantile = oneIn => {
    const percent = 100 * (1 - 1 / oneIn);
    return "P" + (percent < 90 ? percent.toFixed(0) : percent < 99 ? percent.toFixed(1) : percent.toFixed(2)).replace(/\.0+$/, "");
  };

  // Where after lies, given before: a bar for each quantile that was judged.
  const intervals = (plot, subject) => {
    const { ctx } = plot;
    const unit = devicePixelRatio;
    ctx.save();
    ctx.strokeStyle = colours.after;
    ctx.lineWidth = 1.5 * unit;
    for (const one of subject.quantiles) {
      const x = plot.valToPos(1 / (1 - one.q), "x", true);
      const [top, bottom] = [plot.valToPos(one.high, "y", true), plot.valToPos(one.low, "y", true)];
      ctx.beginPath();
      ctx.moveTo(x, top);
      ctx.lineTo(x, bottom);
      for (const y of [top, bottom]) {
        ctx.moveTo(x - 4 * unit, y);
        ctx.lineTo(x + 4 * unit, y);
      }
      ctx.stroke();
    }
    ctx.restore();
  };

  // The names at the ends of the lines, kept apart.
  const labels = plot => {
    const { ctx } = plot;
    const unit = devicePixelRatio;
    const ends = [1, 2].map(series => {
      let at = plot.data[series].length - 1;
      while (at >= 0 && plot.data[series][at] == null) at--;
      return at < 0 ? null : {
        text: plot.series[series].label,
        colour: series === 1 ? colours.before : colours.after,
        x: plot.valToPos(plot.data[0][at], "x", true),
        y: plot.valToPos(plot.data[series][at], "y", true),
      };
    }).filter(end => end);
    if (ends.length === 2 && Math.abs(ends[0].x - ends[1].x) < 60 * unit && Math.abs(ends[0].y - ends[1].y) < 16 * unit) {
      const [upper, lower] = ends[0].y <= ends[1].y ? ends : [ends[1], ends[0]];
      const middle = (upper.y + lower.y) / 2;
      upper.y = middle - 8 * unit;
      lower.y = middle + 8 * unit;
    }
    ctx.save();
    ctx.font = "600 " + 12 * unit + font.slice(2);
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    for (const end of ends) {
      ctx.fillStyle = end.colour;
      ctx.fillText(end.text, end.x + 7 * unit, end.y);
    }
    ctx.restore();
  };

  // ---- heatmaps

  const heatmap = (map, cells, most, figure) => {
    const box = figure.appendChild(element("div", "plot"));
    const readout = figure.appendChild(element("div", "readout"));
    const edge = row => map.from * 10 ** (row / map.perDecade);
    const end = map.columns * map.seconds;
    const height = 260;
    const counts = new Map();
    for (let i = 0; i < cells.length; i += 3) {
      counts.set(cells[i] * map.rows + cells[i + 1], cells[i + 2]);
    }
    const paint = plot => {
      const { ctx } = plot;
      const { left, top, width, height } = plot.bbox;
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, top, width, height);
      ctx.clip();
      for (const [key, count] of counts) {
        const column = Math.floor(key / map.rows);
        const row = key % map.rows;
        const x = Math.round(plot.valToPos(column * map.seconds, "x", true));
        const right = Math.round(plot.valToPos((column + 1) * map.seconds, "x", true));
        const bottom = Math.round(plot.valToPos(edge(row), "y", true));
        const y = Math.round(plot.valToPos(edge(row + 1), "y", true));
        ctx.fillStyle = heat(most > 1 ? Math.log(count) / Math.log(most) : 1);
        ctx.fillRect(x, y, Math.max(1, right - x), Math.max(1, bottom - y));
      }
      ctx.restore();
    };
    const seconds = Array.from({ length: map.columns + 1 }, (_, i) => i * map.seconds);
    const plot = new uPlot({
      width: width(box),
      height,
      padding: [10, 10, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { show: false } },
      scales: {
        x: { time: false, range: [0, end] },
        y: { distr: 3, range: [edge(0), edge(map.rows)] },
      },
      axes: [
        axis({ size: 34, space: 60, values: (plot, ticks) => ticks.map(value => +value.toFixed(2) + " s") }),
        latencyAxis(height),
      ],
      series: [{}, { stroke: "transparent", points: { show: false } }],
      hooks: {
        drawAxes: [paint],
        setCursor: [plot => {
          const { left, top } = plot.cursor;
          if (left == null || left < 0) {
            readout.textContent = "";
            return;
          }
          const column = Math.min(map.columns - 1, Math.floor(plot.posToVal(left, "x") / map.seconds));
          const row = Math.floor(Math.log10(plot.posToVal(top, "y") / map.from) * map.perDecade);
          const count = counts.get(column * map.rows + row) || 0;
          readout.textContent = three(column * map.seconds) + " s, " + latency(edge(row)) + " to " + latency(edge(row + 1))
            + ": " + count + (count === 1 ? " operation" : " operations");
        }],
      },
    }, [seconds, seconds.map(() => null)], box);
    plots.push([plot, box, height]);
  };

  const ramp = most => {
    const made = element("div", "ramp");
    const bar = element("canvas");
    bar.width = 160;
    bar.height = 12;
    const ctx = bar.getContext("2d");
    for (let x = 0; x < 160; x++) {
      ctx.fillStyle = heat(x / 159);
      ctx.fillRect(x, 0, 1, 12);
    }
    made.append("1", bar, most.toLocaleString("en") + (most === 1 ? " operation" : " operations") + " in a cell (logarithmic)");
    return made;
  };

  const counted = cells => {
    let sum = 0;
    for (let i = 2; i < cells.length; i += 3) sum += cells[i];
    return sum.toLocaleString("en");
  };

  // ---- the page

  const described = (title, caption) => {
    const figure = element("figure");
    figure.setAttribute("role", "group");
    figure.setAttribute("aria-label", title);
    figure.append(element("h3", "", title));
    if (caption) figure.append(element("figcaption", "", caption));
    return figure;
  };

  const draw = () => {
    const subject = subjects[select.selectedIndex];
    const map = subject.heatmap;
    for (const [plot] of plots) plot.destroy();
    plots = [];
    readColours();
    charts.replaceChildren();
    const percentiles = described("Latency by percentile: " + subject.name,
      subject.quantiles.length ? "Bars: the interval in which after lies, given before." : "");
    charts.append(percentiles);
    curves(subject, percentiles);
    let most = 1;
    for (const cells of [map.before, map.after]) {
      for (let i = 2; i < cells.length; i += 3) most = Math.max(most, cells[i]);
    }
    charts.append(ramp(most));
    const pair = charts.appendChild(element("div", "pair"));
    const sides = [["before", map.before], ["after", map.after]].map(([name, cells]) => {
      const figure = described("Latency over time, " + name + ": " + counted(cells) + " operations");
      pair.append(figure);
      return [figure, cells];
    });
    for (const [figure, cells] of sides) heatmap(map, cells, most, figure);
    document.documentElement.dataset.drawn = select.selectedIndex;
  };

  for (const subject of subjects) {
    select.append(element("option", "", subject.name + ": " + subject.verdict));
  }
  if (subjects.length === 1) select.closest("p").hidden = true;
  // A link to the page with #2 behind it shows the third.
  const linked = Number.parseInt(location.hash.slice(1), 10);
  if (linked > 0 && linked < subjects.length) select.selectedIndex = linked;
  select.addEventListener("change", () => {
    history.replaceState(null, "", "#" + select.selectedIndex);
    draw();
  });
  for (const link of document.querySelectorAll("a[data-subject]")) {
    link.addEventListener("click", event => {
      event.preventDefault();
      select.selectedIndex = +link.dataset.subject;
      select.dispatchEvent(new Event("change"));
      charts.closest("section").scrollIntoView();
      if (!select.closest("p").hidden) select.focus();
    });
  }
  new ResizeObserver(() => {
    for (const [plot, box, height] of plots) {
      if (plot.width !== width(box)) plot.setSize({ width: width(box), height });
    }
  }).observe(charts);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  // Paper is white.
  addEventListener("beforeprint", () => { document.documentElement.dataset.print = ""; draw(); });
  addEventListener("afterprint", () => { delete document.documentElement.dataset.print; draw(); });
  draw();
})();
