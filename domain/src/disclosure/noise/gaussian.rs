/// A source of independent, uniform bits. In production a cryptographic generator seeded by the operating system.
pub trait RandomBits {
    /// The next 64 bits.
    fn next_u64(&mut self) -> u64;
}

impl<Source: RandomBits + ?Sized> RandomBits for &mut Source {
    fn next_u64(&mut self) -> u64 {
        (**self).next_u64()
    }
}

/// The greatest variance: no product below leaves 64 bits then, but for one that is computed in 128.
const VARIANCE_MAXIMUM: u64 = 100_000_000;

/// The Gaussian distribution on the whole numbers: the probability of x is in proportion to `exp(-x^2 / (2 variance))`.
///
/// Canonne, Kamath and Steinke 2020, "The Discrete Gaussian for Differential Privacy", algorithms 1 to 3. Draws are exact:
/// only whole numbers, and no rounding through which a draw could betray the value that it hides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiscreteGaussian {
    variance: u64,
    /// The scale of the Laplace distribution that is drawn from first, `floor(sd) + 1`.
    scale: u64,
}

impl DiscreteGaussian {
    /// The distribution with this variance, at most 100,000,000 (more is taken as that); with 0 every draw is 0.
    #[must_use]
    pub const fn new(variance: u64) -> Self {
        let variance = if variance > VARIANCE_MAXIMUM { VARIANCE_MAXIMUM } else { variance };
        Self { variance, scale: variance.isqrt() + 1 }
    }

    /// Its variance.
    #[must_use]
    pub const fn variance(self) -> u64 {
        self.variance
    }

    /// One draw.
    pub fn draw(self, bits: &mut impl RandomBits) -> i64 {
        if self.variance == 0 {
            return 0;
        }
        loop {
            let (magnitude, is_negative) = laplace(self.scale, bits);
            if self.accepts(magnitude, bits) {
                return if is_negative { -(magnitude as i64) } else { magnitude as i64 };
            }
        }
    }

    /// Keeps a draw with probability `exp(-(|y| - variance / scale)^2 / (2 variance))`.
    fn accepts(self, magnitude: u64, bits: &mut impl RandomBits) -> bool {
        let distance = u128::from((magnitude * self.scale).abs_diff(self.variance));
        let denominator = 2 * self.variance * self.scale * self.scale;
        let numerator = distance * distance;
        let whole = numerator / u128::from(denominator);
        let rest = (numerator % u128::from(denominator)) as u64;
        (0..whole).all(|_| is_exponential(1, 1, bits)) && is_exponential(rest, denominator, bits)
    }
}

/// A draw of the two-sided geometric distribution, the probability of x in proportion to `exp(-|x| / scale)`: the amount,
/// and whether it is negative.
fn laplace(scale: u64, bits: &mut impl RandomBits) -> (u64, bool) {
    loop {
        let fine = below(scale, bits);
        if !is_exponential(fine, scale, bits) {
            continue;
        }
        let mut coarse = 0;
        while is_exponential(1, 1, bits) {
            coarse += 1;
        }
        let magnitude = fine + scale * coarse;
        let is_negative = bits.next_u64() >> 63 == 1;
        // There is one zero, not two.
        if !(is_negative && magnitude == 0) {
            return (magnitude, is_negative);
        }
    }
}

/// True with probability `exp(-numerator / denominator)`, for a fraction of 0 to 1.
///
/// The length of a run of successes with chances fraction/1, fraction/2, fraction/3, ... is even with this probability.
fn is_exponential(numerator: u64, denominator: u64, bits: &mut impl RandomBits) -> bool {
    let mut trial = 1;
    // A chance of fraction/trial is that of both 1/trial and the fraction, which spares a product.
    while (trial == 1 || below(trial, bits) == 0) && below(denominator, bits) < numerator {
        trial += 1;
    }
    trial % 2 == 1
}

/// A uniform number below a limit greater than 0 (Lemire 2019, "Fast random integer generation in an interval").
fn below(limit: u64, bits: &mut impl RandomBits) -> u64 {
    if limit == 1 {
        return 0;
    }
    let mut product = u128::from(bits.next_u64()) * u128::from(limit);
    if (product as u64) < limit {
        // As many low parts as would make some numbers likelier than others.
        let surplus = limit.wrapping_neg() % limit;
        while (product as u64) < surplus {
            product = u128::from(bits.next_u64()) * u128::from(limit);
        }
    }
    (product >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(Vec<u64>);

    impl RandomBits for Fixed {
        fn next_u64(&mut self) -> u64 {
            self.0.pop().unwrap_or_default()
        }
    }

    #[test]
    fn a_number_below_a_limit_is_the_high_part_of_a_product() {
        assert_eq!(below(10, &mut Fixed(vec![u64::MAX])), 9);
        assert_eq!(below(10, &mut Fixed(vec![(1 << 63) + 1])), 5);
        // 0 would be likelier than others: the next number is taken. 2^64 mod 10 = 6.
        assert_eq!(below(10, &mut Fixed(vec![(1 << 63) + 1, 0])), 5);
        assert_eq!(below(1, &mut Fixed(vec![])), 0);
    }

    #[test]
    fn without_variance_there_is_no_noise() {
        assert_eq!(DiscreteGaussian::new(0).draw(&mut Fixed(vec![])), 0);
        assert_eq!(DiscreteGaussian::new(u64::MAX).variance(), 100_000_000);
    }
}
