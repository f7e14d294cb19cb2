using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Pm.Daemon.Pages;

/// <summary>Makes HTML of pages. Nothing of it is made before the first page is asked for.</summary>
sealed class PageRenderer(IServiceProvider services, ILoggerFactory loggers)
{
    const int UsualLength = 16 * 1024;

    public async Task<byte[]> RenderAsync(Page page, PageFrame frame)
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { ["Page"] = page, ["Frame"] = frame });
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var root = await renderer.RenderComponentAsync(page.View, parameters);
            var text = new StringBuilder("<!DOCTYPE html>\n", UsualLength);
            await using var writer = new StringWriter(text);
            root.WriteHtmlTo(writer);
            return text.Append('\n').ToString();
        });
        return Encoding.UTF8.GetBytes(html);
    }

    /// <summary>Escapes what HTML gives a meaning, and leaves people's letters alone.</summary>
    public static HtmlEncoder Encoder() => HtmlEncoder.Create(UnicodeRanges.All);
}
