# Distribution of values imputed by mice with its default methods (and by "norm"): the data in, statistics over many imputations out.
suppressMessages({library(mice); library(jsonlite)})
m <- 400
summaries <- function(imputed, columns) {
  sapply(columns, function(name) {
    values <- as.matrix(imputed$imp[[name]])
    if (!is.numeric(values)) {
      shares <- apply(values, 2, function(v) mean(v == levels(imputed$data[[name]])[2]))
      if (nlevels(imputed$data[[name]]) == 2) return(list(mean = mean(shares), sd_of_means = sd(shares)))
      return(list(shares = as.list(prop.table(table(factor(values, levels(imputed$data[[name]])))))))
    }
    list(mean = mean(values), sd_of_means = sd(colMeans(values)), sd = sd(values),
         quantiles = unname(quantile(values, c(0.1, 0.25, 0.5, 0.75, 0.9))))
  }, simplify = FALSE)
}
slope <- function(imputed, formula, term) {
  q <- sapply(seq_len(m), function(i) coef(lm(formula, complete(imputed, i)))[[term]])
  u <- sapply(seq_len(m), function(i) vcov(lm(formula, complete(imputed, i)))[term, term])
  found <- pool.scalar(q, u, n = nrow(imputed$data), k = 2)
  list(value = found$qbar, error = sqrt(found$t), fmi = found$fmi)
}
set.seed(20)
n <- 200
age <- round(rnorm(n, 40, 12)); severity <- round(pmin(20, pmax(0, 8 + 0.1 * (age - 40) + rnorm(n, 0, 4))))
later <- round(pmin(20, pmax(0, 0.7 * severity + rnorm(n, 0, 2.5))))
steroid <- factor(ifelse(runif(n) < plogis(-1.5 + 0.2 * later), "yes", "no"), c("no", "yes"))
place <- factor(sapply(later, function(v) sample(c("ileal", "colonic", "both"), 1, prob = exp(c(0, 0.15 * v - 1, 0.1 * v - 1.2)))),
                c("ileal", "colonic", "both"))
gone <- runif(n) < plogis(-2.4 + 0.18 * severity)
cohort <- data.frame(age, severity, later, steroid, place)
cohort$later[gone] <- NA
cohort$steroid[runif(n) < plogis(-2.2 + 0.12 * severity)] <- NA
cohort$place[runif(n) < plogis(-2 + 0.02 * (age - 40))] <- NA
one <- mice(cohort, m = m, maxit = 10, printFlag = FALSE, seed = 3)
two <- mice(nhanes2, m = m, maxit = 10, printFlag = FALSE, seed = 4)
normal <- mice(cohort[c("age", "severity", "later")], m = m, method = "norm", printFlag = FALSE, seed = 5)
plain <- function(data) lapply(as.list(data), function(v) if (is.factor(v)) as.character(v) else v)
cat(toJSON(list(R = R.version.string, mice = as.character(packageVersion("mice")), m = m,
  cohort = list(data = plain(cohort), imputed = summaries(one, c("later", "steroid", "place")),
                slope = slope(one, later ~ severity, "severity")),
  normal = list(imputed = summaries(normal, "later"), slope = slope(normal, later ~ severity, "severity")),
  nhanes2 = list(data = plain(nhanes2), imputed = summaries(two, c("bmi", "hyp", "chl")),
                 slope = slope(two, chl ~ bmi, "bmi"))),
  digits = NA, auto_unbox = TRUE, na = "null", pretty = 1), "\n", sep = "")
