// A printed time, in the zone of whoever reads it.
const local = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
})
for (const time of document.querySelectorAll('time[data-local]')) time.textContent = local.format(new Date(time.dateTime))
