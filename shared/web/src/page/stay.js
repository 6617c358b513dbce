"use strict";
// A page that stays: its frame follows its height.
if ("ResizeObserver" in window) new ResizeObserver(fitFrame).observe(document.body);
else fitFrame();
