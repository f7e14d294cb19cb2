using System.Globalization;
using System.Text;
using Xunit;

namespace Pm.Linux.Tests;

public class DescriptorTableTests
{
    [Fact]
    public void Room_is_made_before_it_is_needed()
    {
        var result = Puppet.Run("grow");

        var sizes = Encoding.ASCII.GetString(result.Output.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => int.Parse(line, CultureInfo.InvariantCulture)).ToList();
        Assert.Equal((0, 2), (result.ExitCode, sizes.Count));
        Assert.True(sizes[0] < DescriptorTable.Room, $"it had room for {sizes[0]} before");
        Assert.True(sizes[1] >= DescriptorTable.Room, $"it has room for {sizes[1]}");
    }
}
