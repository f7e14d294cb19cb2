using Pm.Packages.Manifests;
using Xunit;

namespace Pm.Packages.Tests.Manifests;

public class LicenceExpressionTests
{
    [Theory]
    [InlineData("MIT")]
    [InlineData("GPL-2.0+")]
    [InlineData("GPL-2.0-only WITH Classpath-exception-2.0")]
    [InlineData("MIT OR Apache-2.0 AND BSD-2-Clause")]
    [InlineData("(MIT OR (Apache-2.0)) AND LicenseRef-mine")]
    [InlineData("DocumentRef-x:LicenseRef-y")]
    public void An_spdx_expression_is_kept_as_written(string text)
    {
        Assert.True(LicenceExpression.TryParse(text, out var expression));
        Assert.Equal(text, expression.Text);
    }

    [Theory]
    [InlineData("", "expected 1 to 1000 characters")]
    [InlineData("MIT or Apache-2.0", "expected AND, OR, WITH or nothing more, got `or`: AND, OR and WITH are in capitals")]
    [InlineData("MIT/Apache-2.0", "expected a licence such as MIT, got `MIT/Apache-2.0`: one of several is written `MIT OR Apache-2.0`")]
    [InlineData("MIT OR", "expected a licence such as MIT at its end")]
    [InlineData("(MIT", "a parenthesis is not closed")]
    [InlineData("MIT)", "expected AND, OR, WITH or nothing more, got `)`")]
    [InlineData("AND", "expected a licence such as MIT, got `AND`")]
    [InlineData("MIT WITH", "expected an exception behind WITH at its end")]
    [InlineData("MIT WITH OR", "expected an exception behind WITH, got `OR`")]
    [InlineData("MIT, BSD", "expected a licence such as MIT, got `MIT,`")]
    [InlineData("+", "expected a licence such as MIT, got `+`")]
    [InlineData("a:b", "expected a licence such as MIT, got `a:b`")]
    public void What_is_no_expression_is_told(string text, string fault)
    {
        Assert.False(LicenceExpression.TryParse(text, out _));
        Assert.Equal(fault, LicenceExpression.Fault(text));
    }

    [Fact]
    public void Nesting_is_limited()
    {
        Assert.Null(LicenceExpression.Fault($"{new string('(', 32)}MIT{new string(')', 32)}"));
        Assert.Equal("it nests deeper than 32 levels", LicenceExpression.Fault($"{new string('(', 33)}MIT{new string(')', 33)}"));
    }
}
