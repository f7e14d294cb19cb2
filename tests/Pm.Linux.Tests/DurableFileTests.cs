using Xunit;

namespace Pm.Linux.Tests;

public class DurableFileTests
{
    [Fact]
    public void A_file_is_made_and_then_replaced_with_exactly_the_mode_asked_for()
    {
        using var here = new TestDirectory();

        DurableFile.Replace(here["state"], "one"u8, Convert.ToInt32("666", 8));
        DurableFile.Replace(here.Handle, "state", "two"u8, Convert.ToInt32("600", 8));

        Assert.Equal("two", File.ReadAllText(here["state"]));
        Assert.Equal(Convert.ToInt32("600", 8), here.Handle.Status("state")!.Value.Mode);
        Assert.Equal("state", Assert.Single(here.Handle.Entries()).Name);
    }
}
