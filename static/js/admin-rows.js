"use strict";
// Where a table's rows are stacked, on a phone, each cell says the name of its column; rows of an
// inline are counted anew when one comes or goes.
(() => {
  const nameCells = (table) => {
    const all = table.querySelector(".action-checkbox-column");
    if (all) all.dataset.head = "全选本页";
    const heads = [...table.tHead.rows[0].cells].map((cell) =>
      cell === all ? "" : cell.innerText.trim()
    );
    for (const body of table.tBodies)
      for (const row of body.rows)
        [...row.cells].forEach((cell, place) => {
          if (heads[place]) cell.dataset.head = heads[place];
        });
    table.classList.add("named-cells");
  };
  const nameAll = () =>
    document
      .querySelectorAll("#result_list, .inline-group .tabular table")
      .forEach((table) => table.tHead && nameCells(table));
  const countRows = () => {
    document.querySelectorAll(".inline-group").forEach((group) =>
      group
        .querySelectorAll(".inline-related:not(.empty-form) [data-nth]")
        .forEach((number, place) => (number.textContent = place + 1))
    );
  };
  document.addEventListener("DOMContentLoaded", nameAll);
  document.addEventListener("formset:added", countRows);
  document.addEventListener("formset:removed", countRows);
})();
