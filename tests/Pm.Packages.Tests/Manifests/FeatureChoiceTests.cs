using System.Text;
using Pm.Packages.Manifests;
using Xunit;

namespace Pm.Packages.Tests.Manifests;

public sealed class FeatureChoiceTests
{
    const string Text = """
        [dependencies]
        always = "*"
        one = { version = "*", optional = true }
        two = { version = "*", optional = true }
        three = { version = "*", optional = true }

        [features]
        default = ["first"]
        first = ["one"]
        more = ["two", "first"]
        ring = ["ring", "three"]
        """;

    static string Names(params string[] features) =>
        string.Join(' ', FeatureChoice.Dependencies(Manifest.Parse(Encoding.UTF8.GetBytes(Text), "pm.toml"), features).Select(d => d.Name.Text));

    [Fact]
    public void Default_is_on() => Assert.Equal("always one", Names());

    [Fact]
    public void A_feature_brings_what_it_names_and_what_those_bring() => Assert.Equal("always one two", Names("more"));

    [Fact]
    public void A_ring_ends() => Assert.Equal("always one three", Names("ring"));

    [Fact]
    public void An_optional_dependency_can_be_switched_on_by_itself() => Assert.Equal("always one three", Names("three"));

    [Fact]
    public void An_unknown_feature_is_an_error_that_lists_the_known()
    {
        var failure = Assert.Throws<PackageFormatException>(() => Names("nothing"));

        Assert.Equal("PM2114", failure.Code);
        Assert.Contains("it has default, first, more, ring, one, two, three", failure.Message, StringComparison.Ordinal);
    }
}
