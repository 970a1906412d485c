# Student's paired t test and Welch's test. R >= 4.2 with jsonlite.
library(jsonlite)

paired <- lapply(list(
  sleep = with(sleep, extra[group == 1] - extra[group == 2]),  # Student 1908
  darwin = c(49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48),
  two = c(1, 4)
), function(x) {
  found <- t.test(x)
  list(differences = x, mean = unbox(unname(found$estimate)), lower = unbox(found$conf.int[1]),
       upper = unbox(found$conf.int[2]), p = unbox(found$p.value))
})

welch <- lapply(list(
  sleep = list(sleep$extra[1:10], sleep$extra[11:20]),
  unequal = list(c(30.02, 29.99, 30.11, 29.97, 30.01, 29.99), c(29.89, 29.93, 29.72, 29.98, 30.02, 29.98)),
  few = list(c(1, 4), c(0, 9, 3))
), function(pair) {
  found <- t.test(pair[[1]], pair[[2]], conf.level = 0.9)
  list(one = pair[[1]], other = pair[[2]], confidence = unbox(0.9), difference = unbox(-diff(unname(found$estimate))),
       lower = unbox(found$conf.int[1]), upper = unbox(found$conf.int[2]), p = unbox(found$p.value))
})

writeLines(toJSON(list(versions = list(R = unbox(R.version.string)), paired = unname(paired), welch = unname(welch)),
                  digits = NA, pretty = TRUE))
