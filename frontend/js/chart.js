// Draws every figure[data-chart] from the table of its numbers.
import { BarChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

import { whenPresent } from "./ready.js";

use([BarChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

whenPresent("figure[data-chart]", (figure) => {
  const table = document.getElementById(figure.dataset.chart);
  const plot = figure.querySelector("[data-chart-plot]");
  plot.hidden = false;
  figure.querySelector("[data-chart-details]").open = false;
  const chart = init(plot, null, { renderer: "svg" });
  const draw = () => chart.setOption(options(table, figure), true);
  draw();
  new ResizeObserver(() => chart.resize()).observe(plot);
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
});

function options(table, figure) {
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const locale = document.documentElement.lang;
  const unit = figure.dataset.chartUnit ? `\u00a0${figure.dataset.chartUnit}` : "";
  const text = (value, digits) => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value) + unit;
  const names = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim());
  const rows = [...table.tBodies[0].rows];
  const ink = colour("--imas-ink-soft");
  return {
    animation: false,
    aria: { enabled: true, label: { description: figure.getAttribute("aria-label") } },
    color: [colour("--imas-chart-1"), colour("--imas-chart-2"), colour("--imas-chart-3")],
    textStyle: { fontFamily: "Inter Variable, sans-serif", color: ink },
    grid: { left: 8, right: 8, top: 36, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, icon: "roundRect", textStyle: { color: ink } },
    tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (value) => text(value, 2) },
    xAxis: {
      type: "category",
      data: rows.map((row) => row.cells[0].textContent.trim()),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colour("--imas-line") } },
      axisLabel: { color: ink, hideOverlap: true },
    },
    yAxis: {
      type: "value",
      minInterval: 1,
      axisLabel: { color: ink, formatter: (value) => text(value, 0) },
      splitLine: { lineStyle: { color: colour("--imas-line") } },
    },
    series: names.map((name, index) => ({
      name,
      type: "bar",
      barMaxWidth: 22,
      itemStyle: { borderRadius: [3, 3, 0, 0] },
      data: rows.map((row) => Number(row.cells[index + 1].dataset.value)),
    })),
  };
}
