// Distribution functions of the tests: normal, Student t, chi-square, with their incomplete beta and gamma functions.
// NaN in, NaN out; arguments outside the domain give NaN. Same bits on every CPU. The p-values of overfit/ are made of
// them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace lode::stat {

// Standard normal.
double normal_pdf(double x);
double normal_cdf(double x);          // Full relative accuracy in the lower tail.
double normal_two_sided_p(double z);  // Probability of a value at least as far from 0 as z.

// Regularised incomplete beta I_x(a, b), a and b above 0, x in [0, 1]: continued fraction of Abramowitz & Stegun 26.5.8
// by the modified Lentz method (Thompson & Barnett 1986), with the symmetry I_x(a, b) = 1 - I_{1-x}(b, a). About 1e-13.
double incomplete_beta(double a, double b, double x);

// Regularised lower incomplete gamma P(a, x), a above 0, x >= 0: series A&S 6.5.29 below a + 1, else one minus the
// continued fraction A&S 6.5.31. About 1e-13.
double incomplete_gamma(double a, double x);

// Student's t with `degrees` > 0 degrees of freedom (A&S 26.7.1).
double student_t_cdf(double t, double degrees);
double student_t_two_sided_p(double t, double degrees);
// Where the CDF is p: by bisection from the normal's, to the last bits. p outside (0, 1): NaN, at 0 and 1 -+ infinity.
double student_t_quantile(double p, double degrees);

// Chi-square with `degrees` > 0; 0 below 0 (A&S 26.4.19).
double chi_square_cdf(double x, double degrees);

}  // namespace lode::stat
