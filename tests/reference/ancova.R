# Analysis of covariance: lm with emmeans. R >= 4.2 with emmeans, jsonlite.
suppressPackageStartupMessages({library(emmeans); library(jsonlite)})

chicks <- subset(ChickWeight, Time == 12)  # 49 of 50 chicks were alive
born <- subset(ChickWeight, Time == 0)
chicks$born <- born$weight[match(chicks$Chick, born$Chick)]
chicks$Diet <- factor(paste0("diet ", chicks$Diet))
chicks$pen <- factor(c("north", "north", "south", "east")[1 + as.integer(as.character(chicks$Chick)) %% 4])
chicks$ringed <- as.integer(as.character(chicks$Chick)) %% 3 == 0

told <- function(frame, by) {
  found <- as.data.frame(frame)
  lapply(seq_len(nrow(found)), function(i) {
    row <- found[i, ]
    list(what = unbox(as.character(row[[by]])), value = unbox(row[[2]]), error = unbox(row$SE), freedom = unbox(row$df),
         lower = unbox(row$lower.CL), upper = unbox(row$upper.CL), p = unbox(row$p.value))
  })
}

fit <- lm(weight ~ Diet + born + pen + ringed, chicks)
of <- function(weights) {
  grid <- emmeans(fit, ~ Diet, weights = weights)
  list(means = told(summary(grid, infer = TRUE), "Diet"),
       differences = told(summary(contrast(grid, "trt.vs.ctrl", adjust = "none"), infer = TRUE), "contrast"))
}
arms <- drop1(fit, ~ Diet, test = "F")

trend <- lm(weight ~ as.numeric(Diet) + born + pen, chicks)
slope <- summary(trend)$coefficients[2, ]
slope_ends <- confint(trend)[2, ]

writeLines(toJSON(list(
  versions = list(R = unbox(R.version.string), emmeans = unbox(as.character(packageVersion("emmeans")))),
  data = list(weight = chicks$weight, diet = as.character(chicks$Diet), born = chicks$born,
              pen = as.character(chicks$pen), ringed = chicks$ringed),
  pens = levels(chicks$pen), equal = of("equal"), proportional = of("proportional"),
  arms = list(f = unbox(arms["Diet", "F value"]), numerator = unbox(arms["Diet", "Df"]),
              denominator = unbox(fit$df.residual), p = unbox(arms["Diet", "Pr(>F)"])),
  trend = list(value = unbox(slope[[1]]), error = unbox(slope[[2]]), p = unbox(slope[[4]]),
               lower = unbox(slope_ends[[1]]), upper = unbox(slope_ends[[2]]))
), digits = NA, pretty = TRUE))
