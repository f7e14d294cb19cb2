// The least that a Kestrel program can be: what pmd's first response is measured against.
var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore().UseUrls(args[0]);
await using var application = builder.Build();
application.Run(static context => context.Response.WriteAsync("hello\n"));
await application.RunAsync();
