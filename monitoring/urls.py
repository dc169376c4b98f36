from django.urls import path

from monitoring import views

urlpatterns = [
    path("health", views.health_page, name="health"),
    path("admin/health", views.admin_health_page, name="admin_health"),
]
