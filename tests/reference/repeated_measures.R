# Mixed model for repeated measures: nlme::gls with an unstructured covariance, by restricted maximum likelihood.
# R >= 4.2 with nlme, emmeans, jsonlite.
suppressPackageStartupMessages({library(nlme); library(emmeans); library(jsonlite)})

exact <- glsControl(tolerance = 1e-12, msTol = 1e-14, maxIter = 500, msMaxIter = 500, opt = "nlminb")

unstructured <- function(formula, data) {
  data$visit <- factor(data$visit)
  data <- data[order(data$id, data$visit), ]
  list(data = data, fit = do.call(gls, list(formula, data = data, correlation = corSymm(form = ~ as.integer(visit) | id),
    weights = varIdent(form = ~ 1 | visit), method = "REML", control = exact)))
}

told <- function(made, weights) {
  grid <- emmeans(made$fit, ~ arm | visit, data = made$data, weights = weights, mode = "df.error")
  means <- as.data.frame(grid)
  between <- as.data.frame(contrast(grid, "trt.vs.ctrl", adjust = "none"))
  list(
    means = lapply(seq_len(nrow(means)), function(i) list(arm = unbox(as.character(means$arm[i])),
      visit = unbox(as.character(means$visit[i])), value = unbox(means$emmean[i]), error = unbox(means$SE[i]))),
    differences = lapply(seq_len(nrow(between)), function(i) list(contrast = unbox(as.character(between$contrast[i])),
      visit = unbox(as.character(between$visit[i])), value = unbox(between$estimate[i]), error = unbox(between$SE[i])))
  )
}

covariance <- function(fit, visits) {
  correlation <- diag(length(visits))
  correlation[lower.tri(correlation)] <- coef(fit$modelStruct$corStruct, unconstrained = FALSE)
  correlation <- pmax(correlation, t(correlation))
  correlation[upper.tri(correlation)] <- t(correlation)[upper.tri(correlation)]
  ratio <- coef(fit$modelStruct$varStruct, unconstrained = FALSE, allCoef = TRUE)[visits]
  correlation * outer(fit$sigma * ratio, fit$sigma * ratio)
}

wide <- function(data, visits) {
  setNames(lapply(visits, function(v) {
    here <- data[data$visit == v, ]
    here$y[match(unique(data$id), here$id)]
  }), visits)
}
first <- function(data, name) data[[name]][match(unique(data$id), data$id)]

# Chicks by diet: five died on the way.
chicks <- subset(ChickWeight, Time %in% c(6, 12, 18, 21))
chicks <- data.frame(id = as.integer(as.character(chicks$Chick)), visit = sprintf("day %02d", chicks$Time),
                     y = chicks$weight, arm = factor(paste0("diet ", chicks$Diet)),
                     born = ChickWeight$weight[ChickWeight$Time == 0][match(chicks$Chick,
                       ChickWeight$Chick[ChickWeight$Time == 0])])
chicks$pen <- factor(c("north", "north", "south", "east")[1 + chicks$id %% 4])
chicks <- chicks[!(chicks$id %% 7 == 3 & chicks$visit == "day 12"), ]  # and some more were not weighed
chicks_fit <- unstructured(y ~ arm * visit + born * visit + pen, chicks)

# Potthoff and Roy 1964: girls and boys at four ages, complete.
teeth <- data.frame(id = as.integer(factor(as.character(Orthodont$Subject))), visit = paste("age", sprintf("%02d", Orthodont$age)),
                    y = Orthodont$distance, arm = factor(as.character(Orthodont$Sex)))
teeth_fit <- unstructured(y ~ arm * visit, teeth)

case <- function(data, made, more = list()) {
  fit <- made$fit
  visits <- sort(unique(data$visit))
  data <- data[order(data$id, data$visit), ]
  c(list(arm = as.character(first(data, "arm")), arms = levels(data$arm), outcomes = wide(data, visits),
         equal = told(made, "equal"),
         covariance = unname(covariance(fit, visits)), minus_twice_log_likelihood = unbox(-2 * as.numeric(logLik(fit)))),
    more)
}
ordered_chicks <- chicks[order(chicks$id, chicks$visit), ]
writeLines(toJSON(list(
  versions = list(R = unbox(R.version.string), nlme = unbox(as.character(packageVersion("nlme"))),
                  emmeans = unbox(as.character(packageVersion("emmeans")))),
  chicks = case(chicks, chicks_fit, list(born = first(ordered_chicks, "born"),
    pen = as.character(first(ordered_chicks, "pen")), pens = levels(chicks$pen),
    # emmeans' own "proportional" counts by the weights of varIdent, not by observations
    proportional = told(chicks_fit, as.numeric(table(chicks$pen))))),
  teeth = case(teeth, teeth_fit)
), digits = NA, pretty = TRUE, na = "null"))
