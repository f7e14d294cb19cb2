using Xunit;

namespace Pm.Trust.Tests;

/// <summary>Damaged input gives a value or a <see cref="TrustException"/>, whose message cannot steer a terminal.</summary>
public sealed class MutationTests
{
    const string Dictionary = "{}[]\":,\\0123456789-.eE\n\t \u0001\u001b\u00ff";

    /// <summary>Enough for every build; a long run sets PM_FUZZ_ROUNDS.</summary>
    static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("PM_FUZZ_ROUNDS"), out var rounds) ? rounds : 2_000;

    public static TheoryData<string> Parsers => [.. TrustParsers.All.Keys];

    [Theory]
    [MemberData(nameof(Parsers))]
    public void Damaged_input_is_read_or_refused(string parser)
    {
        var (seed, read) = TrustParsers.All[parser];
        read(seed);
        var random = new Random(parser.Length);
        for (var round = 0; round < Rounds; round++)
        {
            var input = Mutated(seed, random);
            try
            {
                read(input);
            }
            catch (TrustException exception)
            {
                Assert.DoesNotContain('\u001b', exception.Message);
            }
            catch (Exception exception)
            {
                Assert.Fail($"{exception.GetType()} for {Convert.ToBase64String(input)}\n{exception}");
            }
        }
    }

    static byte[] Mutated(byte[] seed, Random random)
    {
        var bytes = seed.ToList();
        for (var change = random.Next(1, 5); change > 0 && bytes.Count > 1; change--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 40), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                    break;
                case 3:
                    bytes.InsertRange(at, Enumerable.Repeat((byte)Dictionary[random.Next(Dictionary.Length)], random.Next(1, 60)));
                    break;
                default:
                    bytes[at] = (byte)Dictionary[random.Next(Dictionary.Length)];
                    break;
            }
        }

        return [.. bytes];
    }
}
