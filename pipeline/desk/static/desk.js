// The desk's keys, its zoom and its drop zone. Everything works without it, only slower.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

  // Keys of the review page: a link or a button of the page is pressed, nothing else happens.
  const press = (id) => { const found = byId(id); if (found) found.click(); };
  const act = (value) => { const found = document.querySelector(`#dong button[value="${value}"]`); if (found) found.click(); };
  const edit = () => {
    const found = document.querySelector("#dong .differs :is(textarea, input), #o-lead") ;
    if (found) { found.focus(); if (found.setSelectionRange) found.setSelectionRange(found.value.length, found.value.length); }
  };
  const KEYS = {
    j: () => press("sau"), k: () => press("truoc"), n: () => press("can-xem"), e: edit,
    Enter: () => act("approve"), x: () => act("drop"), "+": () => press("them"),
  };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.metaKey) return;
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (event.ctrlKey) { if (event.key === "Enter" && byId("dong")) { event.preventDefault(); act("save"); } return; }
    if (!document.querySelector("main.review") || typing(event.target)) return;
    if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
    const does = KEYS[event.key];
    if (does) { event.preventDefault(); does(); }
  });
  document.addEventListener("submit", (event) => {
    const pressed = event.submitter;
    if (pressed && pressed.value === "drop" && !window.confirm("Bỏ dòng này khỏi bảng? Có thể lấy lại ở Nhật ký.")) event.preventDefault();
  });

  // Zoom of the page picture, remembered while the browser is open.
  const picture = byId("trang");
  if (picture) {
    const steps = [50, 75, 100, 130, 170, 220];
    const show = (step) => {
      document.querySelectorAll(".sheet svg").forEach((one) => one.setAttribute("class", `page zoom-${step}`));
      byId("co").value = `${steps[step]}%`;
      sessionStorage.setItem("zoom", String(step));
    };
    let step = Number(sessionStorage.getItem("zoom") ?? 2);
    document.querySelectorAll("[data-zoom]").forEach((button) => button.addEventListener("click", () => {
      step = Math.min(steps.length - 1, Math.max(0, step + Number(button.dataset.zoom)));
      show(step); center();
    }));
    const center = () => { const spot = picture.querySelector(".spot"); if (spot) spot.scrollIntoView({ block: "center", inline: "nearest" }); };
    if (step !== 2 && steps[step]) show(step);
    center();
  }
  const spot = byId("cho");
  if (spot) spot.scrollIntoView({ block: "center" });
  const current = document.querySelector(".rows [aria-current]");
  if (current) current.scrollIntoView({ block: "center" });

  // Files dropped: each is sent by itself, so that one that is refused does not hold up the others.
  const zone = byId("nop");
  if (zone) {
    const told = byId("nop-ket-qua");
    const send = async (files) => {
      const refused = [];
      let taken = 0;
      const show = (now) => { told.textContent = [taken ? `${taken} tệp đã nhận, sẽ có trong bảng sau ít phút.` : "", ...refused, now].filter(Boolean).join("\n"); };
      for (const [place, file] of files.entries()) {
        const form = new FormData();
        form.append("commune", byId("xa").value);
        form.append("files", file, file.name);
        show(`Đang gửi ${place + 1}/${files.length}: ${file.name} …`);
        let said = "Không gửi được, hãy thử lại.";
        try {
          const answer = await fetch(zone.action, { method: "POST", body: form, headers: { accept: "text/plain" } });
          if (answer.status === 401) said = "Phiên làm việc đã hết hạn; hãy đăng nhập lại ở một cửa sổ khác rồi gửi lại.";
          else if (answer.status < 500) said = await answer.text();
          if (answer.ok) { taken += 1; continue; }
        } catch (error) {
          // a folder, or the desk is not there: the sentence says so
        }
        refused.push(`${file.name}: ${said}`);
      }
      show("");
      if (window.htmx) window.htmx.ajax("GET", "/hop-thu/bang", { target: "#bang", swap: "outerMorph" });
    };
    zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => { event.preventDefault(); zone.classList.remove("over"); send([...event.dataTransfer.files]); });
    zone.addEventListener("submit", (event) => { event.preventDefault(); byId("tep").click(); });
    byId("nop-tep").hidden = true; // what is chosen is sent at once
    byId("tep").addEventListener("change", () => { send([...byId("tep").files]); byId("tep").value = ""; });
  }
})();
