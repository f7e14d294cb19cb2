using Pm.Repositories.Tokens;
using Xunit;

namespace Pm.Repositories.Tests.Tokens;

public sealed class TokenSecretTests
{
    [Fact]
    public void A_secret_is_read_back_with_the_same_id_and_hash()
    {
        var made = TokenSecret.Create();

        Assert.Matches("^pm_[0-9A-Za-z]{49}$", made.Text);
        Assert.True(TokenSecret.TryParse(made.Text, out var read));
        Assert.Equal((made.Id, made.Hash), (read.Id, read.Hash));
        Assert.Matches("^[0-9a-f]{10}$", made.Id);
    }

    [Fact]
    public void Two_are_never_the_same() =>
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => TokenSecret.Create().Text).Distinct().Count());

    [Fact]
    public void Its_id_tells_nothing_of_its_hash()
    {
        var made = TokenSecret.Create();

        Assert.DoesNotContain(made.Id, made.Hash.ToString());
        Assert.DoesNotContain(made.Text, $"{made}");
    }

    [Fact]
    public void Any_one_altered_character_is_noticed()
    {
        var text = TokenSecret.Create().Text;
        for (var i = 0; i < text.Length; i++)
        {
            var altered = text.ToCharArray();
            altered[i] = altered[i] == 'x' ? 'y' : 'x';
            Assert.False(TokenSecret.TryParse(new string(altered), out _), $"character {i}");
        }
    }

    /// <summary>Fixed, so that every later pm still takes the tokens of this one. Computed with another program.</summary>
    [Fact]
    public void A_known_secret_is_a_secret()
    {
        const string Known = "pm_0000000000000000000000000000000000000000000";

        Assert.True(TokenSecret.TryParse(Known + KnownCheck, out var secret));
        Assert.Equal(KnownId, secret.Id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("pm_")]
    [InlineData("PM_0000000000000000000000000000000000000000000000000")]
    public void Other_texts_are_none(string? text) => Assert.False(TokenSecret.TryParse(text, out _));

    const string KnownCheck = "3O9xIA";
    const string KnownId = "e22013a46e";
}
